import { plugin, type Plugin } from '@covet/core'
import { bearerToken, errors, Jwt } from '@covet/jwt'
import { Models } from '@covet/orm'
import { RouteGuard } from '@covet/router'
import type { FastifyRequest } from 'fastify'
import { User } from '../users/user.ts'
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
    viewer: User | null
  }
}

/**
 * Answers for the `auth` option of every route. With it in place a route that says neither `auth` nor `public` keeps the
 * application from starting, so that none is open by accident.
 */
export const tokenGuard: Plugin<'jwt' | 'models', 'route-guard'> = plugin({
  name: 'conduit/token-guard',
  stage: 'auth',
  needs: { jwt: Jwt, models: Models },
  provides: { guard: RouteGuard },
  setup(app, { jwt }) {
    app.decorateRequest('viewer', null)
    return {
      guard: {
        guard:
          ({ auth }) =>
          async (request: FastifyRequest) => {
            request.viewer = await viewerOf(jwt, request.headers.authorization)
            if (request.viewer === null && auth === 'required') throw new TokenRefusedError('is missing')
          },
      },
    }
  },
})

async function viewerOf(jwt: Jwt, authorization: string | undefined): Promise<User | null> {
  // RealWorld says `Token`; many clients know only `Bearer`.
  const token = bearerToken(authorization, ['Token', 'Bearer'])
  if (token === undefined) return null
  const check = jwt.verify(token)
  if (!check.ok) throw new TokenRefusedError(check.error instanceof errors.TokenExpiredError ? 'has expired' : 'is invalid', check.error)
  const user = await User.find(Number(check.claims.sub))
  if (!user) throw new TokenRefusedError('is invalid')
  return user
}

/** The signed-in user of a route whose `auth` is `'required'`. */
export function signedIn({ viewer }: FastifyRequest): User {
  if (viewer === null) throw new TokenRefusedError('is missing')
  return viewer
}
