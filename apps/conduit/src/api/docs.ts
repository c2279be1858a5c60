import type { Plugin } from '@covet/core'
import { openapi } from '@covet/openapi'
import Type from 'typebox'

/** `{ "errors": { "title": ["can't be blank"] } }` */
const Errors = Type.Object({ errors: Type.Record(Type.String(), Type.Array(Type.String())) }, { $id: 'Errors' })

/** Describes the routes at /openapi.json and shows them at /docs. */
export const docs: Plugin<never, 'openapi'> = openapi({
  title: 'Conduit',
  version: '2.0.0',
  description: 'The RealWorld API, on Covet.',
  // The API is for everybody, and so is its description.
  production: true,
  errors: { schema: Errors, description: 'What is wrong, by field or subject.' },
  securitySchemes: {
    token: { type: 'apiKey', in: 'header', name: 'Authorization', description: 'From registration or sign-in, as `Token <token>`.' },
  },
  security: (auth) => (auth === 'required' ? [{ token: [] }] : [{}, { token: [] }]),
})
