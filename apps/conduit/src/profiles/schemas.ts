import Type, { type Static } from 'typebox'
import { NullableString } from '../api/fields.ts'

/** A user as others see them. */
export const Profile = Type.Object(
  {
    username: Type.String(),
    bio: NullableString,
    image: NullableString,
    following: Type.Boolean({ description: 'Whether the caller follows them.' }),
  },
  { $id: 'Profile' },
)
export type Profile = Static<typeof Profile>

export const ProfileAnswer = Type.Object({ profile: Profile })
