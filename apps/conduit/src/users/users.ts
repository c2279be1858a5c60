import { errors, values, type Database } from '@covet/db'
import { TakenError } from '../api/errors.ts'
import { only } from '../database/only.ts'

export interface User {
  readonly id: number
  readonly username: string
  readonly email: string
  readonly passwordHash: string
  readonly bio: string | null
  readonly image: string | null
}

export type NewUser = Pick<User, 'username' | 'email' | 'passwordHash'>
/** What is absent stays. */
export type UserChanges = { readonly [Field in Exclude<keyof User, 'id'>]?: User[Field] | undefined }

export async function findUser({ sql }: Database, id: number): Promise<User> {
  return only(await sql<User>`select * from users where id = ${id}`)
}

export function findUserByEmail({ sql }: Database, email: string): Promise<User | undefined> {
  return sql.first<User>`select * from users where email = ${email}`
}

/** @throws {TakenError} */
export async function createUser(db: Database, { username, email, passwordHash }: NewUser): Promise<User> {
  const insert = async (): Promise<User> =>
    only(await db.sql<User>`insert into users ${values({ username, email, passwordHash })} returning *`)
  return insert().catch((error: unknown) => refuseTaken(db, error, { username, email }))
}

/** @throws {TakenError} */
export async function updateUser(db: Database, id: number, changes: UserChanges): Promise<User> {
  const update = (): Promise<User> =>
    db.transaction(async () => {
      const user = await findUser(db, id)
      const { username = user.username, email = user.email, passwordHash = user.passwordHash, bio = user.bio, image = user.image } = changes
      return only(
        await db.sql<User>`
          update users set username = ${username}, email = ${email}, passwordHash = ${passwordHash}, bio = ${bio}, image = ${image}
          where id = ${id} returning *`,
      )
    })
  return update().catch((error: unknown) => refuseTaken(db, error, changes, id))
}

/** The unique indexes decide who has a name. They name the first one that is taken, the answer names both. */
async function refuseTaken(
  db: Database,
  error: unknown,
  { username = '', email = '' }: UserChanges,
  id: number | null = null,
): Promise<never> {
  if (!(error instanceof errors.UniqueViolation)) throw error
  const others = await db.sql<{ username: number; email: number }>`
    select username = ${username} as username, email = ${email} as email
    from users where (username = ${username} or email = ${email}) and id is not ${id}`
  const fields = (['username', 'email'] as const).filter((field) => others.some((other) => other[field] === 1))
  throw fields.length > 0 ? new TakenError(fields) : error
}
