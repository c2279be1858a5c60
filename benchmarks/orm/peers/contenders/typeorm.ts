import 'reflect-metadata'
import { DataSource, EntitySchema, LessThan, MoreThan } from 'typeorm'
import { type Engine, type OpenContender, poolSize } from '../../src/contract.ts'
import type { Note, Post, User } from '../../src/data.ts'

type Author = User & { posts: Post[] }
type Stored = Note & { id: number }
interface Counter {
  id: number
  name: string
  hits: number
}

export async function open(engine: Engine, target: string): Promise<OpenContender> {
  const [users, posts, notes, counters] = entities(engine)
  const shared = { entities: [users, posts, notes, counters], logging: false }
  const source = new DataSource(
    engine === 'sqlite' ? { type: 'better-sqlite3', database: target, ...shared } : { type: 'postgres', url: target, poolSize, ...shared },
  )
  await source.initialize()
  const ofUsers = source.getRepository(users)
  const ofPosts = source.getRepository(posts)
  const ofNotes = source.getRepository(notes)
  const ofCounters = source.getRepository(counters)
  return {
    operations: {
      'select-pk': (id) => ofUsers.findOneBy({ id }),
      'select-100': (after) => ofUsers.find({ where: { id: MoreThan(after) }, order: { id: 'asc' }, take: 100 }),
      // insert() and not save(): save() opens a transaction and reads first.
      'insert-one': async (note) => (await ofNotes.insert({ ...note })).identifiers[0]?.['id'],
      'bulk-1000': (rows) =>
        ofNotes
          .createQueryBuilder()
          .insert()
          .values(rows.map((row) => ({ ...row })))
          .updateEntity(false)
          .execute(),
      'update-pk': ({ id, hits }) => ofCounters.update(id, { hits }),
      'eager-50x20': (after) =>
        ofUsers.find({ where: { id: MoreThan(after) }, order: { id: 'asc' }, take: 50, relations: { posts: true } }),
      'filter-order-limit': (views) =>
        ofPosts.find({
          where: { views: LessThan(views), rating: MoreThan(2) },
          order: { views: 'desc', id: 'desc' },
          take: 20,
        }),
    },
    close: () => source.destroy(),
  }
}

function entities(engine: Engine) {
  const float = engine === 'sqlite' ? 'real' : 'double precision'
  const id = { type: 'integer', primary: true, generated: true } as const
  const integer = { type: 'integer' } as const
  const text = { type: 'text' } as const
  const number = { type: float } as const
  const nullable = { type: 'text', nullable: true } as const
  const users = new EntitySchema<Author>({
    name: 'users',
    columns: {
      id,
      email: text,
      name: nullable,
      role: text,
      age: integer,
      city: text,
      bio: nullable,
      score: number,
      logins: integer,
      country: text,
    },
    relations: { posts: { type: 'one-to-many', target: 'posts', inverseSide: 'author' } },
  })
  const posts = new EntitySchema<Post & { author: Author }>({
    name: 'posts',
    columns: { id, author_id: integer, title: text, body: text, views: integer, rating: number },
    relations: { author: { type: 'many-to-one', target: 'users', joinColumn: { name: 'author_id' }, inverseSide: 'posts' } },
  })
  const notes = new EntitySchema<Stored>({ name: 'notes', columns: { id, author_id: integer, title: text, body: text, views: integer } })
  const counters = new EntitySchema<Counter>({ name: 'counters', columns: { id, name: text, hits: integer } })
  return [users, posts, notes, counters] as const
}
