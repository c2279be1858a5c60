import assert from 'node:assert/strict'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { connectionPlugin, Database, resolveConnectionOptions, type Connection, type Driver, type Statement } from '@covet/db'
import type { FastifyInstance } from 'fastify'
import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'

/** Node's own SQLite behind the driver contract: db knows no engine, and its tests may not use a package that depends on it. */
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
  const all = ({ text, params }: Statement): Record<string, unknown>[] => engine.prepare(text).all(...(params as SQLInputValue[]))
  return {
    server: { product: 'SQLite', version: [3, 0, 0] },
    execute: (statement) => ({ rows: all(statement), changes: 0 }),
    isReadOnly: (text) => /^\s*select/i.test(text),
    stream: all,
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

export async function register(app: FastifyInstance): Promise<void> {
  await app.register(connectionPlugin('sqlite of Node', { driver, options: resolveConnectionOptions({}) }))
}

export async function verify(app: FastifyInstance): Promise<void> {
  const database = app.services.get(Database)
  await database.script('create table notes (text text not null)')
  await assert.rejects(
    database.transaction(async () => {
      await database.execute({ text: 'insert into notes (text) values (?)', params: ['forget'] })
      throw new Error('changed my mind')
    }),
    /changed my mind/,
  )
  await database.execute({ text: 'insert into notes (text) values (?)', params: ['remember'] })
  const { rows } = await database.execute({ text: 'select text from notes', params: [] })
  assert.equal(rows.length, 1)
  assert.equal(rows[0]?.['text'], 'remember')
}
