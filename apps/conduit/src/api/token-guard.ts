import { plugin, type Plugin } from '@covet/core'
import { Database } from '@covet/db'
import { bearerToken, errors, Jwt } from '@covet/jwt'
import { RouteGuard } from '@covet/router'
import type { FastifyRequest } from 'fastify'
import { TokenRefusedError } from './errors.ts'

declare module '@covet/router' {
  interface AuthRequirements {
    /** What `auth` may be on a route: a token must come, or one may. */
    conduit: 'required' | 'optional'
  }
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The signed-in user, or null when the request came without a token. */
    viewerId: number | null
  }
}

/**
 * Answers for the `auth` option of every route. With it in place a route that says neither `auth` nor `public` keeps the
 * application from starting, so that none is open by accident.
 */
export const tokenGuard: Plugin<'database' | 'jwt', 'route-guard'> = plugin({
  name: 'conduit/token-guard',
  stage: 'auth',
  needs: { db: Database, jwt: Jwt },
  provides: { guard: RouteGuard },
  setup(app, { db, jwt }) {
    app.decorateRequest('viewerId', null)
    return {
      guard: {
        guard:
          ({ auth }) =>
          async (request: FastifyRequest) => {
            request.viewerId = await viewerOf(db, jwt, request.headers.authorization)
            if (request.viewerId === null && auth === 'required') throw new TokenRefusedError('is missing')
          },
      },
    }
  },
})

async function viewerOf(db: Database, jwt: Jwt, authorization: string | undefined): Promise<number | null> {
  // RealWorld says `Token`; many clients know only `Bearer`.
  const token = bearerToken(authorization, ['Token', 'Bearer'])
  if (token === undefined) return null
  const check = jwt.verify(token)
  if (!check.ok) throw new TokenRefusedError(check.error instanceof errors.TokenExpiredError ? 'has expired' : 'is invalid', check.error)
  const user = await db.sql.first<{ id: number }>`select id from users where id = ${Number(check.claims.sub)}`
  if (!user) throw new TokenRefusedError('is invalid')
  return user.id
}

/** The signed-in user of a route whose `auth` is `'required'`. */
export function signedIn({ viewerId }: FastifyRequest): number {
  if (viewerId === null) throw new TokenRefusedError('is missing')
  return viewerId
}
