import type { FastifyInstance } from 'fastify'
import { DeployFindings, plugin, token, type DeployFinding, type Plugin, type Token } from '@covet/core'
import { createJwt, type Jwt as JwtService } from './jwt.ts'
import type { JwtOptions } from './options.ts'

export type Jwt<Custom extends object = Record<string, unknown>> = JwtService<Custom>
export const Jwt: Token<'jwt', Jwt> = token('jwt')

export interface JwtPluginOptions<Custom extends object = Record<string, unknown>> extends JwtOptions<Custom> {
  /** Serves the public key set here, e.g. `/.well-known/jwks.json`. @default not served */
  jwksPath?: string
}

/** Provides {@link Jwt}. */
export const jwt = <Custom extends object = Record<string, unknown>>(options: JwtPluginOptions<Custom>): Plugin<never, 'jwt'> =>
  plugin({
    name: '@covet/jwt',
    provides: { jwt: Jwt },
    setup(app) {
      const tokens = createJwt(options)
      if (options.jwksPath !== undefined) serveKeys(app, options.jwksPath, tokens)
      if (options.dangerouslyLongLifetime !== undefined) app.services.add(DeployFindings, () => [longLifetime])
      return { jwt: tokens as Jwt }
    },
  })

const longLifetime: DeployFinding = {
  id: 'C020',
  severity: 'warning',
  message: 'jwt({ dangerouslyLongLifetime }) is set: a stolen token stays good that long. Issue short tokens and refresh them.',
}

/** The key set is for everybody: it says so to the router's guard. */
const openToAll = { public: true }

function serveKeys(app: FastifyInstance, path: string, tokens: Pick<Jwt, 'jwks'>): void {
  const body = JSON.stringify(tokens.jwks())
  app.get(path, { config: openToAll }, async (_request, reply) =>
    reply.type('application/jwk-set+json').header('cache-control', 'public, max-age=600').send(body),
  )
}
