import Database from 'better-sqlite3'
import { and, desc, eq, gt, lt, relations, sql } from 'drizzle-orm'
import { drizzle as drizzleSqlite } from 'drizzle-orm/better-sqlite3'
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres'
import * as pg from 'drizzle-orm/pg-core'
import * as lite from 'drizzle-orm/sqlite-core'
import { Pool } from 'pg'
import { type Engine, type OpenContender, poolSize } from '../../src/contract.ts'

export function openPlain(engine: Engine, target: string): OpenContender {
  return engine === 'sqlite' ? plainSqlite(target) : plainPostgres(target)
}

export function openPrepared(engine: Engine, target: string): OpenContender {
  return engine === 'sqlite' ? preparedSqlite(target) : preparedPostgres(target)
}

const inSqlite = schemaOfSqlite()
const inPostgres = schemaOfPostgres()

function plainSqlite(target: string): OpenContender {
  const client = new Database(target)
  const db = drizzleSqlite(client, { schema: inSqlite })
  const { users, posts, notes, counters } = inSqlite
  return {
    operations: {
      'select-pk': (id) => db.select().from(users).where(eq(users.id, id)).get(),
      'select-100': (after) => db.select().from(users).where(gt(users.id, after)).orderBy(users.id).limit(100).all(),
      'insert-one': (note) => db.insert(notes).values(note).returning({ id: notes.id }).get().id,
      'bulk-1000': (rows) =>
        db
          .insert(notes)
          .values([...rows])
          .run(),
      'update-pk': ({ id, hits }) => db.update(counters).set({ hits }).where(eq(counters.id, id)).run(),
      'eager-50x20': (after) =>
        db.query.users.findMany({ where: gt(users.id, after), orderBy: users.id, limit: 50, with: { posts: true } }).sync(),
      'filter-order-limit': (views) =>
        db
          .select()
          .from(posts)
          .where(and(lt(posts.views, views), gt(posts.rating, 2)))
          .orderBy(desc(posts.views), desc(posts.id))
          .limit(20)
          .all(),
    },
    close: () => client.close(),
  }
}

function preparedSqlite(target: string): OpenContender {
  const client = new Database(target)
  const db = drizzleSqlite(client, { schema: inSqlite })
  const { users, posts, notes, counters } = inSqlite
  const at = sql.placeholder
  const byId = db
    .select()
    .from(users)
    .where(eq(users.id, at('id')))
    .prepare()
  const hundred = db
    .select()
    .from(users)
    .where(gt(users.id, at('after')))
    .orderBy(users.id)
    .limit(100)
    .prepare()
  const insert = db
    .insert(notes)
    .values({ author_id: at('author_id'), title: at('title'), body: at('body'), views: at('views') })
    .returning({ id: notes.id })
    .prepare()
  const update = db
    .update(counters)
    .set({ hits: sql`${at('hits')}` })
    .where(eq(counters.id, at('id')))
    .prepare()
  const eager = db.query.users.findMany({ where: gt(users.id, at('after')), orderBy: users.id, limit: 50, with: { posts: true } }).prepare()
  const top = db
    .select()
    .from(posts)
    .where(and(lt(posts.views, at('views')), gt(posts.rating, 2)))
    .orderBy(desc(posts.views), desc(posts.id))
    .limit(20)
    .prepare()
  return {
    operations: {
      'select-pk': (id) => byId.get({ id }),
      'select-100': (after) => hundred.all({ after }),
      'insert-one': (note) => insert.get({ ...note })?.id,
      'update-pk': (change) => update.run(change),
      'eager-50x20': (after) => eager.execute({ after }).sync(),
      'filter-order-limit': (views) => top.all({ views }),
    },
    close: () => client.close(),
  }
}

function plainPostgres(target: string): OpenContender {
  const pool = new Pool({ connectionString: target, max: poolSize })
  const db = drizzlePostgres(pool, { schema: inPostgres })
  const { users, posts, notes, counters } = inPostgres
  return {
    operations: {
      'select-pk': async (id) => (await db.select().from(users).where(eq(users.id, id)))[0],
      'select-100': (after) => db.select().from(users).where(gt(users.id, after)).orderBy(users.id).limit(100),
      'insert-one': async (note) => (await db.insert(notes).values(note).returning({ id: notes.id }))[0]?.id,
      'bulk-1000': (rows) => db.insert(notes).values([...rows]),
      'update-pk': ({ id, hits }) => db.update(counters).set({ hits }).where(eq(counters.id, id)),
      'eager-50x20': (after) =>
        db.query.users.findMany({ where: gt(users.id, after), orderBy: users.id, limit: 50, with: { posts: true } }),
      'filter-order-limit': (views) =>
        db
          .select()
          .from(posts)
          .where(and(lt(posts.views, views), gt(posts.rating, 2)))
          .orderBy(desc(posts.views), desc(posts.id))
          .limit(20),
    },
    close: () => pool.end(),
  }
}

function preparedPostgres(target: string): OpenContender {
  const pool = new Pool({ connectionString: target, max: poolSize })
  const db = drizzlePostgres(pool, { schema: inPostgres })
  const { users, posts, notes, counters } = inPostgres
  const at = sql.placeholder
  const byId = db
    .select()
    .from(users)
    .where(eq(users.id, at('id')))
    .prepare('pk')
  const hundred = db
    .select()
    .from(users)
    .where(gt(users.id, at('after')))
    .orderBy(users.id)
    .limit(100)
    .prepare('hundred')
  const insert = db
    .insert(notes)
    .values({ author_id: at('author_id'), title: at('title'), body: at('body'), views: at('views') })
    .returning({ id: notes.id })
    .prepare('insert')
  const update = db
    .update(counters)
    .set({ hits: sql`${at('hits')}` })
    .where(eq(counters.id, at('id')))
    .prepare('update')
  const eager = db.query.users
    .findMany({ where: gt(users.id, at('after')), orderBy: users.id, limit: 50, with: { posts: true } })
    .prepare('eager')
  const top = db
    .select()
    .from(posts)
    .where(and(lt(posts.views, at('views')), gt(posts.rating, 2)))
    .orderBy(desc(posts.views), desc(posts.id))
    .limit(20)
    .prepare('top')
  return {
    operations: {
      'select-pk': async (id) => (await byId.execute({ id }))[0],
      'select-100': (after) => hundred.execute({ after }),
      'insert-one': async (note) => (await insert.execute({ ...note }))[0]?.id,
      'update-pk': (change) => update.execute(change),
      'eager-50x20': (after) => eager.execute({ after }),
      'filter-order-limit': (views) => top.execute({ views }),
    },
    close: () => pool.end(),
  }
}

function schemaOfSqlite() {
  const { sqliteTable, integer, text, real } = lite
  const users = sqliteTable('users', {
    id: integer().primaryKey(),
    email: text().notNull(),
    name: text(),
    role: text().notNull(),
    age: integer().notNull(),
    city: text().notNull(),
    bio: text(),
    score: real().notNull(),
    logins: integer().notNull(),
    country: text().notNull(),
  })
  const posts = sqliteTable('posts', {
    id: integer().primaryKey(),
    author_id: integer().notNull(),
    title: text().notNull(),
    body: text().notNull(),
    views: integer().notNull(),
    rating: real().notNull(),
  })
  const notes = sqliteTable('notes', {
    id: integer().primaryKey(),
    author_id: integer().notNull(),
    title: text().notNull(),
    body: text().notNull(),
    views: integer().notNull(),
  })
  const counters = sqliteTable('counters', { id: integer().primaryKey(), name: text().notNull(), hits: integer().notNull() })
  const userRelations = relations(users, ({ many }) => ({ posts: many(posts) }))
  const postRelations = relations(posts, ({ one }) => ({ author: one(users, { fields: [posts.author_id], references: [users.id] }) }))
  return { users, posts, notes, counters, userRelations, postRelations }
}

function schemaOfPostgres() {
  const { pgTable, integer, text, doublePrecision } = pg
  const users = pgTable('users', {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    email: text().notNull(),
    name: text(),
    role: text().notNull(),
    age: integer().notNull(),
    city: text().notNull(),
    bio: text(),
    score: doublePrecision().notNull(),
    logins: integer().notNull(),
    country: text().notNull(),
  })
  const posts = pgTable('posts', {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    author_id: integer().notNull(),
    title: text().notNull(),
    body: text().notNull(),
    views: integer().notNull(),
    rating: doublePrecision().notNull(),
  })
  const notes = pgTable('notes', {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    author_id: integer().notNull(),
    title: text().notNull(),
    body: text().notNull(),
    views: integer().notNull(),
  })
  const counters = pgTable('counters', { id: integer().primaryKey(), name: text().notNull(), hits: integer().notNull() })
  const userRelations = relations(users, ({ many }) => ({ posts: many(posts) }))
  const postRelations = relations(posts, ({ one }) => ({ author: one(users, { fields: [posts.author_id], references: [users.id] }) }))
  return { users, posts, notes, counters, userRelations, postRelations }
}
