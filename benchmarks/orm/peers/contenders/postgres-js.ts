import postgres from 'postgres'
import { type Engine, type OpenContender, poolSize } from '../../src/contract.ts'
import type { Post, User } from '../../src/data.ts'

/** Names and keeps its statements by itself, and pipelines queries on its connections. */
export function open(_engine: Engine, target: string): OpenContender {
  const sql = postgres(target, { max: poolSize })
  const usersAfter = (after: number, count: number) =>
    sql<
      User[]
    >`select id, email, name, role, age, city, bio, score, logins, country from users where id > ${after} order by id limit ${count}`
  return {
    operations: {
      'select-pk': async (id) =>
        (await sql`select id, email, name, role, age, city, bio, score, logins, country from users where id = ${id}`)[0],
      'select-100': (after) => usersAfter(after, 100),
      'insert-one': async (note) => (await sql<{ id: number }[]>`insert into notes ${sql({ ...note })} returning id`)[0]?.id,
      'bulk-1000': (notes) => sql`insert into notes ${sql([...notes], 'author_id', 'title', 'body', 'views')}`,
      'update-pk': ({ id, hits }) => sql`update counters set hits = ${hits} where id = ${id}`,
      'eager-50x20': async (after) => {
        const users = await usersAfter(after, 50)
        const ids = users.map(({ id }) => id)
        const posts = await sql<Post[]>`select id, author_id, title, body, views, rating from posts where author_id in ${sql(ids)}`
        const byAuthor = Map.groupBy(posts, (post) => post.author_id)
        return users.map((user) => ({ ...user, posts: byAuthor.get(user.id) ?? [] }))
      },
      'filter-order-limit': (views) => sql`
        select id, author_id, title, body, views, rating from posts
        where views < ${views} and rating > 2 order by views desc, id desc limit 20`,
    },
    close: () => sql.end(),
  }
}
