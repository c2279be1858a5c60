import type { Database } from '@covet/db'
import { NoSuchThingError } from '../api/errors.ts'
import { profileColumns, toProfile, type ProfileRow } from './profile-columns.ts'
import type { Profile } from './schemas.ts'

/** @throws {NoSuchThingError} */
export async function findProfile({ sql }: Database, username: string, viewerId: number | null): Promise<Profile> {
  const row = await sql.first<ProfileRow>`select ${profileColumns(viewerId)} from users where username = ${username}`
  if (!row) throw new NoSuchThingError('profile')
  return toProfile(row)
}

/** Following twice is following. */
export async function follow({ sql }: Database, followerId: number, username: string): Promise<void> {
  await sql.run`
    insert into follows (followerId, followedId) select ${followerId}, id from users where username = ${username}
    on conflict do nothing`
}

export async function unfollow({ sql }: Database, followerId: number, username: string): Promise<void> {
  await sql.run`
    delete from follows
    where followerId = ${followerId} and followedId = (select id from users where username = ${username})`
}
