import { createDb, type Database, errors } from '@covet/db'
import { failure } from '@covet/testing'
import { beforeAll, expect, it, jest } from '@jest/globals'
import { describeWith } from '@covet-workspace/tooling/services/jest'
import { errors as postgresErrors, postgres, type PostgresOptions } from '../src/index.ts'
import type { Open } from './support/databases.ts'

const keptTable = 'create temp table kept (id integer)'

async function drained(rows: AsyncIterable<unknown> | Iterable<unknown>): Promise<void> {
  for await (const _ of rows) continue
}

describeWith('pgbouncer', 'P10 PgBouncer in transaction mode', (open: Open) => {
  let url: string
  beforeAll(async () => {
    url = (await open()).url
    await using db = createDb(postgres({ url, prepare: 'never' }))
    await db.script('create table notes (id integer primary key, body text not null unique)')
  })

  const withDb = async (options: PostgresOptions, work: (db: Database) => Promise<void>): Promise<void> => {
    const db = createDb(postgres({ url, pool: { max: 8 }, ...options }))
    try {
      await work(db)
    } finally {
      await db.sql`delete from notes`
      await db.close()
    }
  }

  /** More clients at once than one server, each with more texts than one, in and out of transactions. */
  const load = async (db: Database): Promise<void> => {
    const worker = async (n: number): Promise<void> => {
      for (let round = 0; round < 8; round += 1) {
        expect(await db.sql`select ${n}::integer as n`).toEqual([{ n }])
        expect(await db.sql`select ${round}::integer as round, ${n}::integer as n`).toEqual([{ round, n }])
        const id = n * 100 + round
        await db.transaction(async () => {
          await db.sql`insert into notes values (${id}, ${`note ${id}`})`
          if (round % 2 === 1) await db.transaction(() => db.sql`update notes set body = body || '!' where id = ${id}`)
        })
      }
    }
    await Promise.all(Array.from({ length: 16 }, (_, n) => worker(n)))
    expect(await db.sql`select count(*), count(*) filter (where body like '%!') as marked from notes`).toEqual([{ count: 128, marked: 64 }])
  }

  it('works with prepare: never', () => withDb({ prepare: 'never' }, load))

  it('is recognised by what it refuses, said once, and works', async () => {
    const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    await withDb({ prepare: 'auto' }, load)
    expect(emitWarning.mock.calls).toEqual([
      [expect.stringContaining('refuses settings at the start of a session'), { type: 'CovetDatabaseWarning', code: 'postgres/pooler' }],
    ])
    emitWarning.mockRestore()
  })

  it('bounds statements, locks and idle transactions there too', () =>
    withDb({ prepare: 'never', statementTimeout: 100, lockTimeout: 50, idleInTransactionTimeout: 5_000 }, async (db) => {
      await expect(db.sql`select pg_sleep(10)`).rejects.toBeInstanceOf(errors.StatementTimeout)
      const settings = db.transaction(async () => {
        const names = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout']
        return Promise.all(
          names.map(async (name) => (await db.sql.first<{ value: string }>`select current_setting(${name}) as value`)?.value),
        )
      })
      expect(await settings).toEqual(['100ms', '50ms', '5s'])
      expect(await db.sql`select current_setting('lock_timeout') as value`).toEqual([{ value: '0' }])
      await db.sql`insert into notes values (1, 'a')`
      await db.transaction(async () => {
        await db.sql`select * from notes for update`
        const waiting = db.detached(() => db.transaction(() => db.sql`select * from notes for update`))
        expect(await failure(waiting)).toBeInstanceOf(errors.LockTimeout)
      })
    }))

  it.each<[string, (db: Database) => Promise<unknown>]>([
    ['a setting', (db) => db.sql`set search_path to pg_catalog`],
    ['a setting of a transaction that is to stay', (db) => db.transaction(() => db.sql`set search_path to pg_catalog`)],
    ['a setting that a parameter says is to stay', (db) => db.sql`select set_config('search_path', ${'pg_catalog'}, ${false})`],
    ['a setting of a script', (db) => db.script('select 1; set search_path to pg_catalog')],
    ['a channel', (db) => db.sql`listen news`],
    ['a temporary table', (db) => db.sql`create temp table kept (id integer)`],
    [
      'a temporary table of a stream',
      (db) => db.withConnection((connection) => drained(connection.stream({ text: keptTable, params: [] }))),
    ],
    ['an advisory lock', (db) => db.sql`select pg_advisory_lock(7)`],
    ['an advisory lock that was free', (db) => db.transaction(() => db.sql`select pg_try_advisory_lock_shared(7)`)],
    ['a prepared statement', (db) => db.sql`prepare kept as select 1`],
    ['that all of them are forgotten', (db) => db.sql`deallocate all`],
  ])('refuses what would stay in a session that others get, before it is sent: %s', (_, change) =>
    withDb({ prepare: 'never', pool: { max: 1 } }, async (db) => {
      const refused = await failure(change(db))
      expect(refused).toBeInstanceOf(postgresErrors.PoolerSessionError)
      expect(refused).toMatchObject({
        code: 'postgres/pooler-session',
        message: expect.stringMatching(/`set local`.*`pg_advisory_xact_lock`.*`on commit drop`.*LISTEN.*past the pooler/),
        statement: expect.any(String),
      })
      // On every session the pooler has, and the connection is lent again.
      const left = db.sql`select current_setting('search_path') as path, (select count(*) from pg_locks where locktype = 'advisory') as locks,
        (select count(*) from pg_class where relname = 'kept') as tables, (select count(*) from pg_listening_channels()) as channels`
      expect(await left).toEqual([{ path: '"$user", public', locks: 0, tables: 0, channels: 0 }])
      expect(await db.health()).toMatchObject([{ state: 'up', pools: { writer: { total: 1, idle: 1 } } }])
    }),
  )

  it('lets what ends with its transaction pass, and what may change nothing', () =>
    withDb({ prepare: 'never' }, async (db) => {
      const inside = db.transaction(async () => {
        await db.sql`set local search_path to pg_catalog`
        await db.sql`select set_config('app.tenant', ${'a'}, true), set_config('app.user', ${'b'}, ${true})`
        await db.sql`select pg_advisory_xact_lock(7), pg_try_advisory_xact_lock_shared(8)`
        await db.sql`create temp table kept on commit drop as select 1 as one`
        await db.sql`do $$ begin perform 1; end $$`
        return db.sql`select current_setting('search_path') as path, current_setting('app.tenant') as tenant, one,
          (select count(*) from pg_locks where locktype = 'advisory') as locks from kept`
      })
      expect(await inside).toEqual([{ path: 'pg_catalog', tenant: 'a', one: 1, locks: 2 }])
      await db.script('begin; set local role pg_monitor; select 1; commit; reset role; select pg_advisory_unlock_all()')
      const after = db.sql`select current_setting('search_path') as path, current_user = session_user as itself,
        coalesce(current_setting('app.tenant', true), '') as tenant, (select count(*) from pg_locks where locktype = 'advisory') as locks`
      expect(await after).toEqual([{ path: '"$user", public', itself: true, tenant: '', locks: 0 }])
    }))

  it('passes cancellations on, and streams', () =>
    withDb({ prepare: 'never' }, async (db) => {
      const controller = new AbortController()
      const query = failure(db.sql.with({ signal: controller.signal })`select pg_sleep(10)`)
      setTimeout(() => controller.abort(new Error('client left')), 50)
      expect(await query).toMatchObject({ message: 'client left' })
      let count = 0
      for await (const { n } of db.sql.stream<{ n: number }>`select n from generate_series(1, 1000) as t (n)`) expect(n).toBe((count += 1))
      expect(count).toBe(1_000)
    }))
})
