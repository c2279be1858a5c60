import { createDb, type Database, errors } from '@covet/db'
import { failure } from '@covet/testing'
import { beforeAll, expect, it, jest } from '@jest/globals'
import { describeWith } from '@covet-workspace/tooling/services/jest'
import { postgres, type PostgresOptions } from '../src/index.ts'
import type { Open } from './support/databases.ts'

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
