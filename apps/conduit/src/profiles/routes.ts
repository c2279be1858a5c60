import type { Plugin } from '@covet/core'
import { Database } from '@covet/db'
import { routes } from '@covet/router'
import { signedIn } from '../api/token-guard.ts'
import { findProfile, follow, unfollow } from './profiles.ts'
import { ProfileAnswer } from './schemas.ts'

export const profiles: Plugin<'database'> = routes({
  name: 'conduit/profiles',
  prefix: '/api/profiles/:username',
  tags: ['Profiles'],
  needs: { db: Database },
  setup(route, { db }) {
    const response = { 200: ProfileAnswer }

    route.get('/', { auth: 'optional', summary: 'A profile', response }, async ({ params, viewerId }) => ({
      profile: await findProfile(db, params.username, viewerId),
    }))

    route.post('/follow', { auth: 'required', summary: 'Follow a user', response }, async (request) => {
      const me = signedIn(request)
      await follow(db, me, request.params.username)
      return { profile: await findProfile(db, request.params.username, me) }
    })

    route.delete('/follow', { auth: 'required', summary: 'Stop following a user', response }, async (request) => {
      const me = signedIn(request)
      await unfollow(db, me, request.params.username)
      return { profile: await findProfile(db, request.params.username, me) }
    })
  },
})
