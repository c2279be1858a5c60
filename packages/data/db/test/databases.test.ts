import { describe, expect, it } from '@jest/globals'
import { createDb, currentDatabase, errors } from '../src/index.ts'
import { bodies, memoryDb, signalled } from './support/databases.ts'
import { fileDatabase, nodeSqlite } from './support/node-sqlite.ts'

const schema = 'create table notes (id integer primary key, body text not null unique)'

describe('several databases', () => {
  it('are told apart by name, and closed together', async () => {
    const db = createDb({ default: 'main', connections: { main: nodeSqlite(), local: nodeSqlite() } })
    const local = db.connection('local')
    await db.script(schema)
    await local.script(schema)
    await local.sql`insert into notes (id, body) values (1, 'local')`
    expect([db.name, local.name, db.dialect, db.defaultIsolation]).toEqual(['main', 'local', 'sqlite', 'serializable'])
    expect(local.connection('main')).toBe(db)
    expect([await bodies(db), await bodies(local)]).toEqual([[], ['local']])
    expect((await local.health()).map(({ connection, state }) => [connection, state])).toEqual([
      ['main', 'up'],
      ['local', 'up'],
    ])
    await db.close()
    await expect(local.sql`select 1`).rejects.toBeInstanceOf(errors.DatabaseClosedError)
  })

  it('have transactions of their own, one inside the other too', async () => {
    await using db = createDb({ default: 'main', connections: { main: nodeSqlite(), local: nodeSqlite() } })
    const local = db.connection('local')
    await db.connect()
    await db.script(schema)
    await local.script(schema)
    await db.transaction(async () => {
      const inner = local.transaction(async () => {
        await local.sql`insert into notes (id, body) values (1, 'local')`
        await db.sql`insert into notes (id, body) values (1, 'main')`
        expect([db.inTransaction, local.inTransaction]).toEqual([true, true])
        throw new Error('local only')
      })
      await expect(inner).rejects.toThrow('local only')
    })
    expect([await bodies(db), await bodies(local)]).toEqual([['main'], []])
  })

  it('need a default and a name that exist', async () => {
    const connections = { main: nodeSqlite(), local: nodeSqlite() }
    expect(() => createDb({ default: 'mian' as 'main', connections })).toThrow("No connection is named 'mian'. There are: main, local.")
    await using db = createDb({ default: 'local', connections })
    expect(() => db.connection('other')).toThrow(errors.UnknownConnectionError)
  })
})

describe('the ambient database', () => {
  it('is that of the innermost scope', async () => {
    await using db = createDb({ default: 'main', connections: { main: nodeSqlite(), local: nodeSqlite() } })
    const local = db.connection('local')
    const name = (): string | undefined => currentDatabase()?.name
    expect(name()).toBeUndefined()
    expect(db.run(() => [name(), local.run(name)])).toEqual(['main', 'local'])
    expect(await local.transaction(async () => [name(), db.run(name), await db.detached(name)])).toEqual(['local', 'main', 'main'])
  })

  it('stays in its transaction through run, and leaves it through detached', async () => {
    await using db = await memoryDb()
    await db.transaction(async () => {
      expect(db.run(() => db.inTransaction)).toBe(true)
      expect(await db.detached(() => db.inTransaction)).toBe(false)
      expect(db.inTransaction).toBe(true)
    })
    expect(db.inTransaction).toBe(false)
  })
})

describe('health', () => {
  it('R5 calls a full pool saturated, not down', async () => {
    await using db = await memoryDb()
    const { promise: ended, resolve: end } = signalled()
    const holder = db.transaction(() => ended)
    expect(await db.health()).toMatchObject([
      {
        connection: 'main',
        node: ':memory:',
        role: 'primary',
        primary: true,
        state: 'saturated',
        breaker: 'closed',
        pools: { writer: { max: 1, total: 1, idle: 0, waiting: 0, holders: [{ site: expect.stringContaining('databases.test.ts:') }] } },
      },
    ])
    end()
    await holder
    expect(await db.health()).toMatchObject([{ state: 'up', latencyMs: expect.any(Number) }])
  })

  it('asks an engine in this process on the connection that has the data', async () => {
    const holder = fileDatabase({ embedded: true, limits: { reader: 0, stream: 0 } })
    await using db = createDb(holder.definition)
    expect(await db.health()).toMatchObject([{ state: 'up', latencyMs: expect.any(Number), pools: { writer: { total: 1, idle: 1 } } }])
    await db.transaction(async () => {
      expect(await db.health()).toMatchObject([{ state: 'saturated' }])
    })
    const broken = createDb(
      nodeSqlite({
        embedded: true,
        connecting: () => {
          throw new errors.ConnectionFailedError('no such folder')
        },
      }),
    )
    expect(await broken.health()).toMatchObject([{ state: 'down', error: { code: 'db/connection-failed' } }])
    await Promise.all([broken.close(), db.close()])
    await holder.remove()
  })

  it('calls a node down with the error it gave', async () => {
    const error = new errors.ConnectionFailedError('nobody home')
    await using db = createDb(
      nodeSqlite({
        connecting: () => {
          throw error
        },
      }),
    )
    expect(await db.health({ signal: new AbortController().signal })).toMatchObject([{ state: 'down', error }])
  })
})
