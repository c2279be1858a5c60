import type { Plugin } from '@covet/core'
import { Models } from '@covet/orm'
import { routes } from '@covet/router'
import { signedIn } from '../api/token-guard.ts'
import { findProfile, setFollowing } from './profiles.ts'
import { ProfileAnswer } from './schemas.ts'

export const profiles: Plugin<'models'> = routes({
  name: 'conduit/profiles',
  prefix: '/api/profiles/:username',
  tags: ['Profiles'],
  needs: { models: Models },
  setup(route) {
    const response = { 200: ProfileAnswer }

    route.get('/', { auth: 'optional', summary: 'A profile', response }, async ({ params, viewer }) => ({
      profile: await findProfile(params.username, viewer),
    }))

    route.post('/follow', { auth: 'required', summary: 'Follow a user', response }, async (request) => ({
      profile: await setFollowing(signedIn(request), request.params.username, true),
    }))

    route.delete('/follow', { auth: 'required', summary: 'Stop following a user', response }, async (request) => ({
      profile: await setFollowing(signedIn(request), request.params.username, false),
    }))
  },
})
