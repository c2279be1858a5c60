import type { Plugin } from '@covet/core'
import { Jwt } from '@covet/jwt'
import { Models } from '@covet/orm'
import { Passwords } from '@covet/password'
import { routes } from '@covet/router'
import type { Static } from 'typebox'
import { signedIn } from '../api/token-guard.ts'
import { assertPassword } from './credentials.ts'
import { changesSomething, Login, Registration, UserAnswer, UserChanges } from './schemas.ts'
import { User } from './user.ts'
import { saveUser } from './users.ts'

export const users: Plugin<'jwt' | 'models' | 'password'> = routes({
  name: 'conduit/users',
  prefix: '/api',
  tags: ['Users'],
  needs: { jwt: Jwt, models: Models, passwords: Passwords },
  setup(route, { jwt, passwords }) {
    const answer = ({ id, email, username, bio, image }: User): Static<typeof UserAnswer> => ({
      user: { email, username, bio, image, token: jwt.sign({ sub: String(id) }) },
    })

    route.post(
      '/users',
      { public: true, summary: 'Register', body: Registration, response: { 201: UserAnswer } },
      async ({ body: { user } }) => {
        const { username, email, password } = user
        return answer(await saveUser(new User().fill({ username, email, passwordHash: await passwords.hash(password) })))
      },
    )

    route.post(
      '/users/login',
      { public: true, summary: 'Sign in', body: Login, response: { 200: UserAnswer } },
      async ({ body: { user } }) => answer(await assertPassword(passwords, user.email, user.password)),
    )

    route.get('/user', { auth: 'required', summary: 'The signed-in user', response: { 200: UserAnswer } }, (request) =>
      answer(signedIn(request)),
    )

    route.put(
      '/user',
      {
        auth: 'required',
        summary: 'Change the signed-in user',
        body: UserChanges,
        rules: [changesSomething],
        response: { 200: UserAnswer },
      },
      async (request) => {
        const me = signedIn(request)
        const { username = me.username, email = me.email, password, bio = me.bio, image = me.image } = request.body.user
        const passwordHash = password === undefined ? me.passwordHash : await passwords.hash(password)
        // An empty text is no text: whoever reads a profile need not tell "" from null.
        return answer(await saveUser(me.fill({ username, email, passwordHash, bio: bio || null, image: image || null })))
      },
    )
  },
})
