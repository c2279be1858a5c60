import type { Database } from '@covet/db'

/** A favourite is a row, and the count is a count of rows: doing it twice or at the same moment cannot miscount. */
export async function favorite({ sql }: Database, userId: number, slug: string): Promise<void> {
  await sql.run`
    insert into favorites (articleId, userId) select id, ${userId} from articles where slug = ${slug}
    on conflict do nothing`
}

export async function unfavorite({ sql }: Database, userId: number, slug: string): Promise<void> {
  await sql.run`
    delete from favorites
    where userId = ${userId} and articleId = (select id from articles where slug = ${slug})`
}
