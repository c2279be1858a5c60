import Type, { type Static } from 'typebox'
import { filled, wrapped } from '../api/fields.ts'
import { Profile } from '../profiles/schemas.ts'
import { Comment } from './comment.ts'

export const NewComment = wrapped('comment', { body: filled(Comment.schema('create').properties.body) })

const { id, createdAt, updatedAt, body } = Comment.schema('read').properties

export const CommentView = Type.Object({ id, createdAt, updatedAt, body, author: Profile }, { $id: 'Comment' })
export type CommentView = Static<typeof CommentView>

export const CommentAnswer = Type.Object({ comment: CommentView })
export const CommentsAnswer = Type.Object({ comments: Type.Array(CommentView) })
