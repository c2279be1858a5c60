import { defineEntity, MikroORM, p } from '@mikro-orm/core'
import { MikroORM as Postgres } from '@mikro-orm/postgresql'
import { MikroORM as Sqlite } from '@mikro-orm/sqlite'
import { type Engine, type OpenContender, poolSize } from '../../src/contract.ts'

const Users = defineEntity({
  name: 'User',
  tableName: 'users',
  properties: {
    id: p.integer().primary(),
    email: p.text(),
    name: p.text().nullable(),
    role: p.text(),
    age: p.integer(),
    city: p.text(),
    bio: p.text().nullable(),
    score: p.double(),
    logins: p.integer(),
    country: p.text(),
    posts: () => p.oneToMany(Posts).mappedBy('author_id'),
  },
})

const Posts = defineEntity({
  name: 'Post',
  tableName: 'posts',
  properties: {
    id: p.integer().primary(),
    author_id: () => p.manyToOne(Users).mapToPk().fieldName('author_id'),
    title: p.text(),
    body: p.text(),
    views: p.integer(),
    rating: p.double(),
  },
})

const Notes = defineEntity({
  name: 'Note',
  tableName: 'notes',
  properties: { id: p.integer().primary(), author_id: p.integer(), title: p.text(), body: p.text(), views: p.integer() },
})

const Counters = defineEntity({
  name: 'Counter',
  tableName: 'counters',
  properties: { id: p.integer().primary(), name: p.text(), hits: p.integer() },
})

export async function open(engine: Engine, target: string): Promise<OpenContender> {
  const entities = [Users, Posts, Notes, Counters]
  const orm: MikroORM =
    engine === 'sqlite'
      ? await Sqlite.init({ dbName: target, entities })
      : await Postgres.init({ clientUrl: target, entities, pool: { min: 0, max: poolSize } })
  // A fork per operation, as a request has one.
  const fork = () => orm.em.fork()
  return {
    operations: {
      'select-pk': (id) => fork().findOne(Users, id),
      'select-100': (after) => fork().find(Users, { id: { $gt: after } }, { orderBy: { id: 'asc' }, limit: 100 }),
      'insert-one': (note) => fork().insert(Notes, { ...note }),
      'bulk-1000': (notes) =>
        fork().insertMany(
          Notes,
          notes.map((note) => ({ ...note })),
        ),
      'update-pk': ({ id, hits }) => fork().nativeUpdate(Counters, { id }, { hits }),
      'eager-50x20': async (after) =>
        fork().find(Users, { id: { $gt: after } }, { orderBy: { id: 'asc' }, limit: 50, populate: ['posts'] }),
      'filter-order-limit': (views) =>
        fork().find(Posts, { views: { $lt: views }, rating: { $gt: 2 } }, { orderBy: { views: 'desc', id: 'desc' }, limit: 20 }),
    },
    close: () => orm.close(),
  }
}
