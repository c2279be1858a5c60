import { belongsTo, f, hasMany, manyToMany, Model, timestamps } from '@covet/orm'
import { NoSuchThingError } from '../api/errors.ts'
import { Comment } from '../comments/comment.ts'
import { Tag } from '../tags/tag.ts'
import { User } from '../users/user.ts'

export class Article extends Model(
  'articles',
  {
    id: f.id(),
    slug: f.string({ max: 100 }).unique(),
    title: f.string({ max: 300 }),
    description: f.text(),
    body: f.text(),
    ...timestamps(),
    author: belongsTo(() => User, { onDelete: 'cascade', index: false }),
    tags: hasMany(() => Tag),
    comments: hasMany(() => Comment),
    favoritedBy: manyToMany(() => User, { inverse: 'favorites' }),
  },
  // The orders of the lists: of all articles, and of those of an author.
  {
    index: [
      ['createdAt', 'id'],
      ['authorId', 'createdAt', 'id'],
    ],
  },
) {
  /** @throws {NoSuchThingError} */
  static async bySlug(slug: string): Promise<Article> {
    const article = await Article.where('slug', slug).first()
    if (!article) throw new NoSuchThingError('article')
    return article
  }
}
