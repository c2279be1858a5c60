import { type Cols, type ShapeOf, value } from '@covet/orm'
import { NoSuchThingError } from '../api/errors.ts'
import { User } from '../users/user.ts'
import type { Profile } from './schemas.ts'

/** The columns of a profile, of a user in any query. Nobody follows anybody in the eyes of an anonymous viewer. */
export function profileColumns(user: Cols<ShapeOf<User>>, viewer: User | null) {
  const { username, bio, image } = user
  return { username, bio, image, following: viewer ? user.followers.any(({ id }) => id.eq(viewer.id)) : value(false) }
}

/** @throws {NoSuchThingError} */
export async function findProfile(username: string, viewer: User | null): Promise<Profile> {
  const profile = await User.where('username', username)
    .select((user) => profileColumns(user, viewer))
    .first()
  if (!profile) throw new NoSuchThingError('profile')
  return profile
}

/** Following twice is following. @throws {NoSuchThingError} */
export async function setFollowing(viewer: User, name: string, following: boolean): Promise<Profile> {
  const user = await User.where('username', name).first()
  if (!user) throw new NoSuchThingError('profile')
  const followed = viewer.related('following')
  await (following ? followed.add(user) : followed.remove(user))
  const { username, bio, image } = user
  return { username, bio, image, following }
}
