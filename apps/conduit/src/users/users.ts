import { errors } from '@covet/db'
import { or } from '@covet/orm'
import { TakenError } from '../api/errors.ts'
import { User } from './user.ts'

/** A new user, or what changed of one. @throws {TakenError} */
export function saveUser(user: User): Promise<User> {
  return user.save().catch((error: unknown) => refuseTaken(error, user))
}

/** The unique indexes decide who has a name. They name the first one that is taken, the answer names both. */
async function refuseTaken(error: unknown, { id, username, email }: User): Promise<never> {
  if (!(error instanceof errors.UniqueViolation)) throw error
  const users = await User.where((c) => or(c.username.eq(username), c.email.eq(email))).select((c) => ({
    id: c.id,
    username: c.username.eq(username),
    email: c.email.eq(email),
  }))
  const fields = (['username', 'email'] as const).filter((field) => users.some((user) => user.id !== id && user[field]))
  throw fields.length > 0 ? new TakenError(fields) : error
}
