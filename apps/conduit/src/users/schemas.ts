import { rule, type Rule } from '@covet/router'
import Type, { type Static } from 'typebox'
import { filled, wrapped } from '../api/fields.ts'
import { User } from './user.ts'

const written = User.schema('create').properties
/** Its URL has to stay below the longest path parameter, whatever the name is made of: the model bounds it. */
const username = filled(written.username)
const email = filled(written.email, { format: 'email' })
const newPassword = Type.String({ minLength: 8, maxLength: 256 })

export const Registration = wrapped('user', { username, email, password: newPassword })

/** No rule but presence: what a password may be is asked where one is chosen. */
export const Login = wrapped('user', { email: filled(), password: filled() })

export const UserChanges = wrapped('user', {
  email: Type.Optional(email),
  username: Type.Optional(username),
  password: Type.Optional(newPassword),
  bio: written.bio,
  image: written.image,
})

const changeable = ['email', 'username', 'password', 'bio', 'image']

/** A change of nothing is a mistake of the client's, most often a field under another name. */
export const changesSomething: Rule<{ body: Static<typeof UserChanges> }> = rule(
  'changes-something',
  ({ body }) => changeable.some((field) => field in body.user),
  { path: '/user', message: `needs at least one of ${changeable.join(', ')}` },
)

const read = User.schema('read').properties

/** The signed-in user, as only they see themselves. */
const SignedInUser = Type.Object(
  { email: read.email, token: Type.String(), username: read.username, bio: read.bio, image: read.image },
  { $id: 'User' },
)

export const UserAnswer = Type.Object({ user: SignedInUser })
