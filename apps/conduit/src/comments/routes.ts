import type { Plugin } from '@covet/core'
import { Database } from '@covet/db'
import { Models } from '@covet/orm'
import { routes } from '@covet/router'
import Type from 'typebox'
import { signedIn } from '../api/token-guard.ts'
import { addComment, deleteComment, listComments } from './comments.ts'
import { CommentAnswer, CommentsAnswer, NewComment } from './schemas.ts'

export const comments: Plugin<'database' | 'models'> = routes({
  name: 'conduit/comments',
  prefix: '/api/articles/:slug/comments',
  tags: ['Comments'],
  needs: { db: Database, models: Models },
  setup(route, { db }) {
    route.get(
      '/',
      { auth: 'optional', summary: 'The comments on an article', response: { 200: CommentsAnswer } },
      async ({ params, viewer }) => ({ comments: await listComments(params.slug, viewer) }),
    )

    route.post(
      '/',
      { auth: 'required', summary: 'Comment on an article', body: NewComment, response: { 201: CommentAnswer } },
      async (request) => ({ comment: await addComment(db, request.params.slug, signedIn(request), request.body.comment.body) }),
    )

    route.delete('/:id', { auth: 'required', summary: 'Delete a comment', response: { 204: Type.Null() } }, async (request) => {
      await deleteComment(db, request.params.slug, request.params.id, signedIn(request))
    })
  },
})
