import { belongsTo, f, Model, timestamps } from '@covet/orm'
import { Article } from '../articles/article.ts'
import { User } from '../users/user.ts'

export class Comment extends Model('comments', {
  id: f.id(),
  body: f.text(),
  ...timestamps(),
  article: belongsTo(() => Article, { onDelete: 'cascade' }),
  author: belongsTo(() => User, { onDelete: 'cascade' }),
}) {}
