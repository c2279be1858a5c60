import { plugin, ResponseHeaders, type HeaderValue, type Plugin } from '@covet/core'
import { isApiRequest } from './path.ts'

/** For any origin: whoever calls brings a token, and no cookie is ever sent along. */
const headers = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, PUT, DELETE',
  'access-control-allow-headers': 'Authorization, Content-Type, X-Requested-With',
  'access-control-max-age': '600',
}

/** Lets front ends of other origins use the API. The router answers their OPTIONS requests. */
export const cors: Plugin = plugin({
  name: 'conduit/cors',
  stage: 'cors',
  setup(app) {
    for (const [name, text] of Object.entries(headers)) {
      const value: HeaderValue = (request) => (isApiRequest(request) ? text : undefined)
      app.services.add(ResponseHeaders, { [name]: value })
    }
  },
})
