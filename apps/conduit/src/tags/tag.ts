import { belongsTo, f, Model } from '@covet/orm'
import { Article } from '../articles/article.ts'

/** A word on an article: it is in use as long as an article has it, and goes with the last one. */
export class Tag extends Model(
  'tags',
  {
    article: belongsTo(() => Article, { onDelete: 'cascade', index: false }),
    name: f.string({ max: 64 }).index(),
  },
  { primary: ['articleId', 'name'] },
) {}
