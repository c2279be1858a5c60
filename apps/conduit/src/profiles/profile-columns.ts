import { fragment, type Fragment } from '@covet/db'
import type { Profile } from './schemas.ts'

/** What SQLite answers for {@link profileColumns}: it has no booleans. */
export interface ProfileRow extends Omit<Profile, 'following'> {
  readonly following: 0 | 1
}

/** The columns of a profile, for a query over `users`. Nobody follows anybody in the eyes of an anonymous viewer. */
export function profileColumns(viewerId: number | null): Fragment {
  return fragment`
    users.username, users.bio, users.image,
    exists (select 1 from follows where followedId = users.id and followerId = ${viewerId}) as following`
}

export function toProfile({ username, bio, image, following }: ProfileRow): Profile {
  return { username, bio, image, following: following === 1 }
}
