import Database from 'better-sqlite3'
import { type CompiledQuery, type Dialect, type Generated, Kysely, PostgresDialect, SqliteDialect } from 'kysely'
import { Client, Pool, type PoolConfig } from 'pg'
import { postColumns, userColumns } from '../columns.ts'
import { type Engine, type OpenContender, type Operations, poolSize } from '../contract.ts'
import type { Note, Post, User } from '../data.ts'

interface Tables {
  users: User
  posts: Post
  notes: Note & { id: Generated<number> }
  counters: { id: number; name: string; hits: number }
}

/** As its documentation sets it up. */
export function openPlain(engine: Engine, target: string): OpenContender {
  return engine === 'sqlite'
    ? adHoc(new SqliteDialect({ database: new Database(target) }))
    : adHoc(new PostgresDialect({ pool: new Pool({ connectionString: target, max: poolSize }) }))
}

/** With prepared statements kept by their text. */
export function openWithStatements(engine: Engine, target: string): OpenContender {
  return adHoc(keeping(engine, target))
}

/** Each query compiled once, parameters put in by hand, statements kept: the most that kysely gives. */
export function openPrecompiled(engine: Engine, target: string): OpenContender {
  return precompiled(keeping(engine, target))
}

function adHoc(dialect: Dialect): OpenContender {
  const db = new Kysely<Tables>({ dialect })
  return {
    operations: {
      'select-pk': (id) => byId(db, id).executeTakeFirst(),
      'select-100': (after) => usersAfter(db, after, 100).execute(),
      'insert-one': async (note) => (await insert(db, note).executeTakeFirstOrThrow()).id,
      'bulk-1000': (notes) => db.insertInto('notes').values(notes).execute(),
      'update-pk': ({ id, hits }) => update(db, id, hits).execute(),
      'eager-50x20': async (after) => {
        const users = await usersAfter(db, after, 50).execute()
        const ids = users.map(({ id }) => id)
        const posts = await db.selectFrom('posts').select(ofPost).where('author_id', 'in', ids).execute()
        const byAuthor = Map.groupBy(posts, (post) => post.author_id)
        return users.map((user) => ({ ...user, posts: byAuthor.get(user.id) ?? [] }))
      },
      'filter-order-limit': (views) => top(db, views).execute(),
    },
    close: () => db.destroy(),
  }
}

function precompiled(dialect: Dialect): OpenContender {
  const db = new Kysely<Tables>({ dialect })
  const run = async <Row>(query: CompiledQuery<Row>, parameters: readonly unknown[]): Promise<Row[]> =>
    (await db.executeQuery<Row>({ ...query, parameters })).rows
  const [pk, hundred, add, change, best] = [
    byId(db, 0).compile(),
    usersAfter(db, 0, 100).compile(),
    insert(db, { author_id: 0, title: '', body: '', views: 0 }).compile(),
    update(db, 0, 0).compile(),
    top(db, 0).compile(),
  ]
  // What is no argument stays as it was compiled: the limits, the rating.
  const operations: Operations = {
    'select-pk': async (id) => (await run(pk, [id]))[0],
    'select-100': (after) => run(hundred, [after, ...hundred.parameters.slice(1)]),
    'insert-one': async ({ author_id, title, body, views }) => (await run(add, [author_id, title, body, views]))[0]?.id,
    'update-pk': ({ id, hits }) => run(change, [hits, id]),
    'filter-order-limit': (views) => run(best, [views, ...best.parameters.slice(1)]),
  }
  return { operations, close: () => db.destroy() }
}

const ofUser = userColumns.split(', ') as (keyof User)[]
const ofPost = postColumns.split(', ') as (keyof Post)[]

const byId = (db: Kysely<Tables>, id: number) => db.selectFrom('users').select(ofUser).where('id', '=', id)

const usersAfter = (db: Kysely<Tables>, after: number, count: number) =>
  db.selectFrom('users').select(ofUser).where('id', '>', after).orderBy('id').limit(count)

const insert = (db: Kysely<Tables>, note: Note) => db.insertInto('notes').values(note).returning('id')

const update = (db: Kysely<Tables>, id: number, hits: number) => db.updateTable('counters').set({ hits }).where('id', '=', id)

const top = (db: Kysely<Tables>, views: number) =>
  db
    .selectFrom('posts')
    .select(ofPost)
    .where('views', '<', views)
    .where('rating', '>', 2)
    .orderBy('views', 'desc')
    .orderBy('id', 'desc')
    .limit(20)

function keeping(engine: Engine, target: string): Dialect {
  if (engine === 'postgres')
    return new PostgresDialect({ pool: new Pool({ connectionString: target, max: poolSize, Client: NamedClient } as PoolConfig) })
  const database = new Database(target)
  const kept = new Map<string, Database.Statement>()
  const prepare = (sql: string): Database.Statement => {
    const statement = kept.get(sql) ?? database.prepare(sql)
    kept.set(sql, statement)
    return statement
  }
  return new SqliteDialect({ database: { prepare, close: () => void database.close() } as unknown as Database.Database })
}

const names = new Map<string, string>()

/** Names each text, so that the server parses and plans it once per connection. */
class NamedClient extends Client {
  // oxlint-disable-next-line typescript/no-explicit-any -- pg overloads query six times; the pool calls only these two
  override query(first: any, ...rest: any[]): any {
    if (typeof first !== 'string' || !Array.isArray(rest[0])) return super.query(first, ...rest)
    const name = names.get(first) ?? `q${names.size}`
    names.set(first, name)
    return super.query({ name, text: first, values: rest[0] as unknown[] })
  }
}
