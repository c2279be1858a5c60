import { rule, type Rule } from '@covet/router'
import Type, { type Static } from 'typebox'
import { filled, NullableString, wrapped } from '../api/fields.ts'

/** Its URL has to stay below the longest path parameter, whatever the name is made of. */
const username = filled({ maxLength: 50 })
const email = filled({ format: 'email', maxLength: 254 })
const newPassword = Type.String({ minLength: 8, maxLength: 256 })

export const Registration = wrapped('user', { username, email, password: newPassword })

/** No rule but presence: what a password may be is asked where one is chosen. */
export const Login = wrapped('user', { email: filled(), password: filled() })

export const UserChanges = wrapped('user', {
  email: Type.Optional(email),
  username: Type.Optional(username),
  password: Type.Optional(newPassword),
  bio: Type.Optional(NullableString),
  image: Type.Optional(NullableString),
})

const changeable = ['email', 'username', 'password', 'bio', 'image']

/** A change of nothing is a mistake of the client's, most often a field under another name. */
export const changesSomething: Rule<{ body: Static<typeof UserChanges> }> = rule(
  'changes-something',
  ({ body }) => changeable.some((field) => field in body.user),
  { path: '/user', message: `needs at least one of ${changeable.join(', ')}` },
)

/** The signed-in user, as only they see themselves. */
const User = Type.Object(
  {
    email: Type.String(),
    token: Type.String(),
    username: Type.String(),
    bio: NullableString,
    image: NullableString,
  },
  { $id: 'User' },
)

export const UserAnswer = Type.Object({ user: User })
