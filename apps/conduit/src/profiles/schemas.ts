import Type, { type Static } from 'typebox'
import { User } from '../users/user.ts'

const { username, bio, image } = User.schema('read').properties

/** A user as others see them. */
export const Profile = Type.Object(
  { username, bio, image, following: Type.Boolean({ description: 'Whether the caller follows them.' }) },
  { $id: 'Profile' },
)
export type Profile = Static<typeof Profile>

export const ProfileAnswer = Type.Object({ profile: Profile })
