import type { Plugin } from '@covet/core'
import { Database } from '@covet/db'
import { Jwt } from '@covet/jwt'
import { Passwords } from '@covet/password'
import { routes } from '@covet/router'
import type { Static } from 'typebox'
import { signedIn } from '../api/token-guard.ts'
import { assertPassword } from './credentials.ts'
import { changesSomething, Login, Registration, UserAnswer, UserChanges } from './schemas.ts'
import { createUser, findUser, updateUser, type User } from './users.ts'

export const users: Plugin<'database' | 'jwt' | 'password'> = routes({
  name: 'conduit/users',
  prefix: '/api',
  tags: ['Users'],
  needs: { db: Database, jwt: Jwt, passwords: Passwords },
  setup(route, { db, jwt, passwords }) {
    const answer = ({ id, email, username, bio, image }: User): Static<typeof UserAnswer> => ({
      user: { email, username, bio, image, token: jwt.sign({ sub: String(id) }) },
    })

    route.post(
      '/users',
      { public: true, summary: 'Register', body: Registration, response: { 201: UserAnswer } },
      async ({ body: { user } }) => {
        const passwordHash = await passwords.hash(user.password)
        return answer(await createUser(db, { username: user.username, email: user.email, passwordHash }))
      },
    )

    route.post(
      '/users/login',
      { public: true, summary: 'Sign in', body: Login, response: { 200: UserAnswer } },
      async ({ body: { user } }) => answer(await assertPassword(db, passwords, user.email, user.password)),
    )

    route.get('/user', { auth: 'required', summary: 'The signed-in user', response: { 200: UserAnswer } }, async (request) =>
      answer(await findUser(db, signedIn(request))),
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
        const { username, email, password, bio, image } = request.body.user
        const passwordHash = password === undefined ? undefined : await passwords.hash(password)
        const changes = { username, email, passwordHash, bio: textOrNull(bio), image: textOrNull(image) }
        return answer(await updateUser(db, signedIn(request), changes))
      },
    )
  },
})

/** An empty text is no text: whoever reads a profile need not tell "" from null. */
function textOrNull(text: string | null | undefined): string | null | undefined {
  return text === '' ? null : text
}
