import type { Database } from '@covet/db'
import { findArticle } from '../articles/read-articles.ts'
import type { ArticleView } from '../articles/schemas.ts'
import type { User } from '../users/user.ts'

/**
 * A favourite is a row, and the count is a count of rows: doing it twice or at the same moment cannot miscount.
 * @returns the article as it is then
 * @throws {NoSuchThingError}
 */
export function setFavorite(db: Database, user: User, slug: string, favorited: boolean): Promise<ArticleView> {
  // Nobody else writes between the count and the favourite: the transaction of SQLite is the only one that may.
  return db.transaction(async () => {
    const article = await findArticle(slug, user)
    const favorites = user.related('favorites')
    await (favorited ? favorites.add(article.id) : favorites.remove(article.id))
    return { ...article, favorited, favoritesCount: article.favoritesCount + Number(favorited) - Number(article.favorited) }
  })
}
