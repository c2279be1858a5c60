import Type, { type Static } from 'typebox'
import { DateTime, filled, wrapped } from '../api/fields.ts'
import { Profile } from '../profiles/schemas.ts'

export const NewComment = wrapped('comment', { body: filled() })

export const Comment = Type.Object(
  {
    id: Type.Integer(),
    createdAt: DateTime,
    updatedAt: DateTime,
    body: Type.String(),
    author: Profile,
  },
  { $id: 'Comment' },
)
export type Comment = Static<typeof Comment>

export const CommentAnswer = Type.Object({ comment: Comment })
export const CommentsAnswer = Type.Object({ comments: Type.Array(Comment) })
