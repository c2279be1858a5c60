import assert from 'node:assert/strict'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { connectionPlugin, Database, resolveConnectionOptions, type Connection, type Driver, type Result, type Statement } from '@covet/db'
import { belongsTo, f, hasMany, Model, Models, orm } from '@covet/orm'
import type { FastifyInstance } from 'fastify'
import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'

class Author extends Model('authors', { id: f.id(), name: f.string(), notes: hasMany(() => Note) }) {}
class Note extends Model('notes', { id: f.id(), text: f.string(), author: belongsTo(() => Author) }) {}

/** Node's own SQLite behind the driver contract: no engine's package is a dependency of the ORM. */
const driver: Driver = {
  dialect: 'sqlite',
  embedded: true,
  limits: { writer: 1, reader: 0, stream: 0 },
  defaultIsolation: 'serializable',
  healthQuery: 'select 1',
  nodes: [{ name: ':memory:', role: 'primary', weight: 1, connect: () => connect(new DatabaseSync(':memory:')) }],
  placeholder: () => '?',
  quoteIdentifier: (name) => `"${name.replaceAll('"', '""')}"`,
  kysely: {
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
}

function connect(engine: DatabaseSync): Connection {
  const run = (text: string) => (): void => engine.exec(text)
  return {
    server: { product: 'SQLite', version: [3, 0, 0] },
    execute: (statement) => execute(engine, statement),
    isReadOnly: (text) => /^\s*select/i.test(text),
    stream: (statement) => execute(engine, statement).rows,
    script: (text) => engine.exec(text),
    begin: run('begin immediate'),
    commit: () => {
      engine.exec('commit')
      return true
    },
    rollback: run('rollback'),
    savepoint: (name) => engine.exec(`savepoint ${name}`),
    rollbackTo: (name) => engine.exec(`rollback to ${name}`),
    release: (name) => engine.exec(`release ${name}`),
    get isOpen() {
      return engine.isOpen
    },
    get transactionStatus() {
      return engine.isTransaction ? 'open' : 'idle'
    },
    close: () => {
      if (engine.isOpen) engine.close()
    },
  }
}

function execute(engine: DatabaseSync, { text, params, rowMode = 'object' }: Statement): Result<unknown> {
  const statement = engine.prepare(text)
  const values = params as SQLInputValue[]
  if (statement.columns().length > 0) {
    statement.setReturnArrays(rowMode !== 'object')
    return { rows: statement.all(...values), changes: 0 }
  }
  const { changes, lastInsertRowid } = statement.run(...values)
  return { rows: [], changes: Number(changes), lastInsertId: lastInsertRowid }
}

export async function register(app: FastifyInstance): Promise<void> {
  await app.register(connectionPlugin('sqlite of Node', { driver, options: resolveConnectionOptions({}) }))
  await app.register(orm({ models: [Author, Note] }))
}

export async function verify(app: FastifyInstance): Promise<void> {
  assert.deepEqual(app.services.get(Models).all, [Author, Note])
  await app.services.get(Database).script(`
    create table authors (id integer primary key, name text not null);
    create table notes (id integer primary key, text text not null, author_id integer not null)
  `)
  const author = await Author.create({ name: 'Ada' })
  await Note.create({ text: 'remember', authorId: author.id })
  const note = await Note.with('author').get()
  assert.ok(note instanceof Note)
  assert.deepEqual([note.text, note.author.name], ['remember', 'Ada'])
}
