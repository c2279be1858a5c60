import Database from 'better-sqlite3'
import { Pool, type QueryConfig } from 'pg'
import { noteColumns, postColumns, userColumns } from '../columns.ts'
import { type Engine, type OpenContender, poolSize } from '../contract.ts'
import type { Note, Post, User } from '../data.ts'

/** The floor: statements prepared once, rows as the driver gives them. */
export function openPrepared(engine: Engine, target: string): OpenContender {
  return engine === 'sqlite' ? sqlite(target, keepStatements) : postgres(target, true)
}

/** The driver as a first page of its documentation uses it: SQLite prepares every time, PostgreSQL parses every time. */
export function openUnprepared(engine: Engine, target: string): OpenContender {
  return engine === 'sqlite' ? sqlite(target, (db) => (sql) => db.prepare(sql)) : postgres(target, false)
}

const selectPk = `select ${userColumns} from users where id = `
const select100 = (parameter: string): string => `select ${userColumns} from users where id > ${parameter} order by id limit 100`
const select50 = (parameter: string): string => `select ${userColumns} from users where id > ${parameter} order by id limit 50`
const top = (parameter: string): string =>
  `select ${postColumns} from posts where views < ${parameter} and rating > 2 order by views desc, id desc limit 20`
const insert = `insert into notes (${noteColumns}) values `
const bulkOfSqlite = `${insert}${Array.from({ length: 1_000 }, () => '(?, ?, ?, ?)').join(', ')}`
const childrenOfSqlite = `select ${postColumns} from posts where author_id in (${Array.from({ length: 50 }, () => '?').join(', ')})`

type Prepare = (sql: string) => Database.Statement<unknown[]>

function keepStatements(db: Database.Database): Prepare {
  const kept = new Map<string, Database.Statement<unknown[]>>()
  return (sql) => {
    const known = kept.get(sql)
    if (known) return known
    const statement = db.prepare<unknown[]>(sql)
    kept.set(sql, statement)
    return statement
  }
}

function sqlite(file: string, preparing: (db: Database.Database) => Prepare): OpenContender {
  const db = new Database(file)
  const prepare = preparing(db)
  return {
    operations: {
      'select-pk': (id) => prepare(`${selectPk}?`).get(id),
      'select-100': (after) => prepare(select100('?')).all(after),
      'insert-one': ({ author_id, title, body, views }) =>
        prepare(`${insert}(?, ?, ?, ?)`).run(author_id, title, body, views).lastInsertRowid,
      'bulk-1000': (notes) => prepare(bulkOfSqlite).run(...values(notes)),
      'update-pk': ({ id, hits }) => prepare('update counters set hits = ? where id = ?').run(hits, id),
      'eager-50x20': (after) => {
        const users = prepare(select50('?')).all(after) as User[]
        return nest(users, prepare(childrenOfSqlite).all(...users.map(({ id }) => id)) as Post[])
      },
      'filter-order-limit': (views) => prepare(top('?')).all(views),
    },
    close: () => db.close(),
  }
}

function postgres(connectionString: string, named: boolean): OpenContender {
  const pool = new Pool({ connectionString, max: poolSize })
  const query = async <Row>(name: string, text: string, params: unknown[]): Promise<Row[]> => {
    const config: QueryConfig = named ? { name, text, values: params } : { text, values: params }
    return (await pool.query(config)).rows as Row[]
  }
  return {
    operations: {
      'select-pk': async (id) => (await query('pk', `${selectPk}$1`, [id]))[0],
      'select-100': (after) => query('100', select100('$1'), [after]),
      'insert-one': async ({ author_id, title, body, views }) =>
        (await query<{ id: number }>('insert', `${insert}($1, $2, $3, $4) returning id`, [author_id, title, body, views]))[0]?.id,
      'bulk-1000': (notes) =>
        query(
          'bulk',
          `insert into notes (${noteColumns}) select * from unnest($1::int[], $2::text[], $3::text[], $4::int[])`,
          columns(notes),
        ),
      'update-pk': ({ id, hits }) => query('update', 'update counters set hits = $1 where id = $2', [hits, id]),
      'eager-50x20': async (after) => {
        const users = await query<User>('50', select50('$1'), [after])
        const ids = users.map(({ id }) => id)
        return nest(users, await query<Post>('children', `select ${postColumns} from posts where author_id = any($1)`, [ids]))
      },
      'filter-order-limit': (views) => query('top', top('$1'), [views]),
    },
    close: () => pool.end(),
  }
}

function nest(users: readonly User[], posts: readonly Post[]): (User & { posts: Post[] })[] {
  const nested = users.map((user) => Object.assign(user, { posts: [] as Post[] }))
  const byId = new Map(nested.map((user) => [user.id, user.posts]))
  for (const post of posts) byId.get(post.author_id)?.push(post)
  return nested
}

function values(notes: readonly Note[]): unknown[] {
  return notes.flatMap(({ author_id, title, body, views }) => [author_id, title, body, views])
}

function columns(notes: readonly Note[]): unknown[] {
  return [notes.map((n) => n.author_id), notes.map((n) => n.title), notes.map((n) => n.body), notes.map((n) => n.views)]
}
