import type { Static } from 'typebox'
import type {
  ArticleAnswer as ArticleAnswerSchema,
  ArticlesAnswer as ArticlesAnswerSchema,
  NewArticle,
} from '../../src/articles/schemas.ts'
import type { CommentAnswer as CommentAnswerSchema, CommentsAnswer as CommentsAnswerSchema } from '../../src/comments/schemas.ts'
import type { ProfileAnswer as ProfileAnswerSchema } from '../../src/profiles/schemas.ts'
import type { UserAnswer as UserAnswerSchema } from '../../src/users/schemas.ts'

export type UserAnswer = Static<typeof UserAnswerSchema>
export type ProfileAnswer = Static<typeof ProfileAnswerSchema>
export type ArticleAnswer = Static<typeof ArticleAnswerSchema>
export type ArticlesAnswer = Static<typeof ArticlesAnswerSchema>
export type CommentAnswer = Static<typeof CommentAnswerSchema>
export type CommentsAnswer = Static<typeof CommentsAnswerSchema>
export type Article = ArticleAnswer['article']
export type ArticleFields = Static<typeof NewArticle>['article']

export interface ErrorAnswer {
  readonly errors: Readonly<Record<string, readonly string[]>>
}

/** What an error looks like, for `toEqual`. */
export function errors(field: string, message: string): ErrorAnswer {
  return { errors: { [field]: [message] } }
}

export const blank = (field: string): ErrorAnswer => errors(field, "can't be blank")
export const notFound = (subject: string): ErrorAnswer => errors(subject, 'not found')
export const forbidden = (subject: string): ErrorAnswer => errors(subject, 'forbidden')
export const taken = (field: string): ErrorAnswer => errors(field, 'has already been taken')
export const tokenIsMissing: ErrorAnswer = errors('token', 'is missing')
