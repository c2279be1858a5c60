import { errors, type Passwords } from '@covet/password'
import { WrongCredentialsError } from '../api/errors.ts'
import { User } from './user.ts'

/**
 * The user with this e-mail and password. An unknown e-mail takes as long as a wrong password, and is told the same.
 * @throws {WrongCredentialsError}
 */
export async function assertPassword(passwords: Passwords, email: string, password: string): Promise<User> {
  const user = await User.where('email', email).first()
  const { ok, needsRehash } = await passwords.verify(password, user?.passwordHash).catch(refuseUnusable)
  if (!user || !ok) throw new WrongCredentialsError()
  return needsRehash ? user.fill({ passwordHash: await passwords.hash(password) }).save() : user
}

/** A text that cannot be anybody's password is a wrong one. */
function refuseUnusable(error: unknown): never {
  if (error instanceof errors.PasswordTooLongError || error instanceof errors.PasswordMalformedError) throw new WrongCredentialsError()
  throw error
}
