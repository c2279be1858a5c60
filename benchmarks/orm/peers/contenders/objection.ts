import knex, { type Knex } from 'knex'
import { Model } from 'objection'
import { type Engine, type OpenContender, poolSize } from '../../src/contract.ts'

class Post extends Model {
  static override tableName = 'posts'
}

class User extends Model {
  static override tableName = 'users'
  static override relationMappings = {
    posts: { relation: Model.HasManyRelation, modelClass: Post, join: { from: 'users.id', to: 'posts.author_id' } },
  }
}

class Note extends Model {
  declare id: number
  declare author_id: number
  declare title: string
  declare body: string
  declare views: number
  static override tableName = 'notes'
}

class Counter extends Model {
  declare hits: number
  static override tableName = 'counters'
}

export function open(engine: Engine, target: string): OpenContender {
  const db = knex(configuration(engine, target))
  Model.knex(db)
  return {
    operations: {
      'select-pk': (id) => User.query().findById(id),
      'select-100': (after) => User.query().where('id', '>', after).orderBy('id').limit(100),
      'insert-one': async (note) => (await Note.query().insert({ ...note })).id,
      // Objection inserts arrays on PostgreSQL only. SQLite takes 500 rows at most in the way knex writes them.
      'bulk-1000': (notes) =>
        engine === 'sqlite' ? db.batchInsert('notes', [...notes], 500) : Note.query().insert(notes.map((note) => ({ ...note }))),
      'update-pk': ({ id, hits }) => Counter.query().findById(id).patch({ hits }),
      'eager-50x20': (after) => User.query().where('id', '>', after).orderBy('id').limit(50).withGraphFetched('posts'),
      'filter-order-limit': (views) =>
        Post.query().where('views', '<', views).where('rating', '>', 2).orderBy('views', 'desc').orderBy('id', 'desc').limit(20),
    },
    close: () => db.destroy(),
  }
}

function configuration(engine: Engine, target: string): Knex.Config {
  if (engine === 'postgres') return { client: 'pg', connection: target, pool: { min: 0, max: poolSize } }
  return { client: 'better-sqlite3', connection: { filename: target }, useNullAsDefault: true }
}
