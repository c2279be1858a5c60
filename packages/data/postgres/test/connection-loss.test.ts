import { createDb, type Database, errors, identifier } from '@covet/db'
import { eventually, failure, type FaultProxy, faultProxy } from '@covet/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { ownServer } from '@covet-workspace/tooling/services'
import { describeWith } from '@covet-workspace/tooling/services/jest'
import { postgres, type PostgresOptions } from '../src/index.ts'
import { bodies, type Open } from './support/databases.ts'

describeWith('postgres', 'the loss of a connection', (open: Open) => {
  let url: string
  let watcher: Database
  let db: Database
  beforeAll(async () => {
    url = (await open()).url
    watcher = createDb(postgres({ url }))
    await watcher.script('create table notes (id integer primary key, body text not null)')
  })
  afterAll(() => watcher.close())
  beforeEach(async () => {
    await watcher.sql`delete from notes`
  })

  const kill = (application: string): Promise<unknown> =>
    watcher.sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = ${application}`
  const total = async (): Promise<number> => (await db.health())[0]?.pools.writer?.total ?? 0

  describe('by the server', () => {
    beforeAll(() => {
      // Nothing but the loss itself takes a connection out of the pool.
      db = createDb(postgres({ url, pool: { max: 8, idleTimeout: '1h' }, applicationName: 'victim' }))
    })
    afterAll(() => db.close())

    it('DB-8 while idle is noticed, harms nobody, and 100 queries afterwards succeed', async () => {
      await Promise.all(Array.from({ length: 8 }, () => db.sql`select pg_sleep(0.02)`))
      expect(await total()).toBeGreaterThan(1)
      await kill('victim')
      await eventually(async () => expect(await total()).toBe(0))
      // What is never sent again meets none of them.
      expect(await db.sql.run`insert into notes values (8, 'after')`).toEqual({ changes: 1 })
      await Promise.all(Array.from({ length: 8 }, () => db.sql`select pg_sleep(0.02)`))
      await kill('victim')
      const outcomes = await Promise.allSettled(Array.from({ length: 100 }, (_, n) => db.sql`select ${n}::integer as n`))
      expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([])
      // A connection that was still being opened for one of the queries may come after a kill.
      await eventually(async () => {
        await kill('victim')
        expect(await total()).toBe(0)
      })
      expect(await db.sql`select 1 as one`).toEqual([{ one: 1 }])
    })

    it('DB-8 in the middle of a transaction is the error of that transaction, and the next one works', async () => {
      const outcome = db.transaction(async () => {
        await db.sql`insert into notes values (1, 'lost')`
        await kill('victim')
        await db.sql`insert into notes values (2, 'lost')`
      })
      await expect(outcome).rejects.toBeInstanceOf(errors.ConnectionLost)
      await db.transaction(() => db.sql`insert into notes values (3, 'kept')`)
      expect(await bodies(db)).toEqual(['kept'])
    })

    it('in a transaction that goes on as if nothing was is not a commit', async () => {
      const outcome = db.transaction(async () => {
        await db.sql`insert into notes values (1, 'lost')`
        await kill('victim')
        await failure(db.sql`select 1`)
      })
      await expect(outcome).rejects.toBeInstanceOf(errors.TransactionAborted)
      expect(await bodies(db)).toEqual([])
    })

    it('in the middle of a stream is the error of the stream', async () => {
      const reading = (async () => {
        for await (const { n } of db.sql.stream<{ n: number }>`select n from generate_series(1, 2000) as t (n)`)
          if (n === 300) await kill('victim')
      })()
      await expect(reading).rejects.toBeInstanceOf(errors.ConnectionLost)
      expect(await db.sql`select 1 as one`).toEqual([{ one: 1 }])
    })
  })

  describe('by the network', () => {
    let proxy: FaultProxy
    beforeEach(async () => {
      proxy = await faultProxy({ port: Number(new URL(url).port) })
    })
    afterEach(async () => {
      proxy.heal()
      proxy.cut()
      await db.close({ drain: 0 })
      await proxy[Symbol.asyncDispose]()
    })

    const through = (options: PostgresOptions = {}): Database => {
      const { href } = Object.assign(new URL(url), { port: String(proxy.port) })
      return createDb(postgres({ url: href, pool: { max: 1 }, cancelTimeout: 100, ...options }))
    }

    it('trap 4, REL-09: between COMMIT and its answer is neither a success nor a failure, and not tried again', async () => {
      db = through()
      let runs = 0
      const outcome = failure(
        db.transaction(
          async () => {
            runs += 1
            await db.sql`insert into notes values (1, 'in doubt')`
            proxy.blackHole('response')
          },
          { retry: 3 },
        ),
      )
      await eventually(async () => expect(await bodies(watcher)).toEqual(['in doubt']))
      proxy.cut()
      const error = await outcome
      expect(error).toBeInstanceOf(errors.CommitUnknown)
      expect(error).toMatchObject({ retryable: false, cause: expect.any(errors.ConnectionLost) })
      expect(runs).toBe(1)
    })

    it('REL-09 at any moment: what was acknowledged is there, what failed is not, and only a commit may be in doubt', async () => {
      db = through({ pool: { max: 2 }, breaker: false })
      const outcomes = new Map<number, 'saved' | 'failed' | 'unknown'>()
      for (let id = 1; id <= 60; id += 1) {
        const cut = setTimeout(() => proxy.cut(), (id % 12) * 0.7)
        try {
          await db.transaction(() => db.sql`insert into notes values (${id}, 'a')`)
          outcomes.set(id, 'saved')
        } catch (error) {
          expect(error).toBeInstanceOf(errors.DatabaseError)
          outcomes.set(id, error instanceof errors.CommitUnknown ? 'unknown' : 'failed')
        }
        clearTimeout(cut)
      }
      const present = new Set((await watcher.sql<{ id: number }>`select id from notes`).map(({ id }) => id))
      for (const [id, outcome] of outcomes) if (outcome !== 'unknown') expect([id, present.has(id)]).toEqual([id, outcome === 'saved'])
      expect([...outcomes.values()].filter((outcome) => outcome === 'failed').length).toBeGreaterThan(0)
    })

    it('while a statement runs is its error', async () => {
      db = through()
      await db.connect()
      const query = failure(db.sql`insert into notes select 1, pg_sleep(5)::text`)
      await eventually(async () =>
        expect(await watcher.sql`select from pg_stat_activity where query like 'insert%pg_sleep%' and state = 'active'`).toHaveLength(1),
      )
      proxy.cut()
      expect(await query).toBeInstanceOf(errors.ConnectionLost)
    })

    it('DB-8 before the first row of a stream is no error of it: the statement is asked again', async () => {
      db = through({ breaker: false })
      await db.connect()
      proxy.blackHole('response')
      const numbers = (async () => {
        const read: number[] = []
        for await (const { n } of db.sql.stream<{ n: number }>`select n from generate_series(1, 3) as t (n)`) read.push(n)
        return read
      })()
      await eventually(async () =>
        expect(await watcher.sql`select from pg_stat_activity where state = 'idle in transaction' and query like 'begin%'`).toHaveLength(1),
      )
      proxy.cut()
      proxy.heal()
      expect(await numbers).toEqual([1, 2, 3])
    })

    it('REL-08 after a SELECT was sent that calls a function of the application, it is not sent again', async () => {
      await watcher.script(`create or replace function charge_card(amount integer) returns integer language sql as
        'insert into notes select count(*), ''charged'' from notes returning amount'`)
      db = through({ breaker: false })
      await db.connect()
      proxy.blackHole('response')
      const charged = failure(db.sql`select charge_card(${5}) as amount`)
      await eventually(async () => expect(await bodies(watcher)).toEqual(['charged']))
      proxy.cut()
      proxy.heal()
      expect(await charged).toBeInstanceOf(errors.ConnectionLost)
      expect(await charged).toMatchObject({ sent: true })
      expect(await bodies(watcher)).toEqual(['charged'])
    })

    it('trap 13: without a word, a statement is given up after its limit, its cancellation after cancelTimeout', async () => {
      db = through({ statementTimeout: 100 })
      await db.connect()
      proxy.blackHole()
      const error = await failure(db.sql`insert into notes values (1, 'a')`)
      expect(error).toBeInstanceOf(errors.ConnectionLost)
      expect(error).toMatchObject({ cause: { message: expect.stringContaining('did not answer a cancellation within 100 ms') } })
      proxy.heal()
      expect(await db.sql`select 1 as one`).toEqual([{ one: 1 }])
    })

    it('trap 13: without a word, a statement is given up after its limit though another set something for its transaction', async () => {
      db = through({ statementTimeout: 100 })
      await db.transaction(() => db.sql`select set_config('app.tenant', 'a', true)`)
      proxy.blackHole()
      expect(await failure(db.sql`insert into notes values (1, 'a')`)).toBeInstanceOf(errors.ConnectionLost)
    })

    it('an abort is answered though the server is not reachable, and its connection is not used again', async () => {
      db = through()
      await db.connect()
      proxy.refuse()
      const controller = new AbortController()
      const query = failure(db.sql.with({ signal: controller.signal })`insert into notes select 2, pg_sleep(5)::text`)
      setTimeout(() => controller.abort(new Error('client left')), 20)
      expect(await query).toBeInstanceOf(errors.ConnectionLost)
      proxy.heal()
      expect(await db.sql`select 1 as one`).toEqual([{ one: 1 }])
    })

    it('closing does not wait for a server that says nothing', async () => {
      db = through()
      await db.connect()
      proxy.blackHole()
      await db.close()
    })

    it('closing in the middle of a statement gives up on a server that says nothing, or cannot be asked to end it', async () => {
      for (const fault of ['blackHole', 'refuse'] as const) {
        db = through()
        await db.connect()
        const query = failure(db.sql`insert into notes select 1, null from pg_sleep(3) as ${identifier(fault)}`)
        await eventually(async () =>
          expect(
            await watcher.sql`select from pg_stat_activity where query like ${`%pg_sleep%${fault}%`} and pid <> pg_backend_pid()`,
          ).toHaveLength(1),
        )
        proxy[fault]()
        await db.close({ drain: 0 })
        expect(await query).toBeInstanceOf(errors.ConnectionLost)
        proxy.heal()
      }
    })

    it('a server that accepts and says nothing is not waited for longer than connectTimeout', async () => {
      db = through({ connectTimeout: 100 })
      proxy.blackHole()
      await expect(db.connect()).rejects.toMatchObject({
        code: 'db/connection-failed',
        message: expect.stringContaining('did not answer in time'),
      })
    })
  })

  describe('by a crash of the server', () => {
    it('REL-08 ends what runs, and the pool is whole as soon as the server is back', async () => {
      await using server = await ownServer('postgres', () => ['-c', 'synchronous_commit=on'])
      await using own = createDb(postgres({ url: server.url, pool: { max: 4 } }))
      await own.script('create table notes (id integer primary key)')
      const running = Array.from({ length: 3 }, (_, id) =>
        failure(own.sql`insert into notes select ${id} from (select pg_sleep(60)) as slept`),
      )
      const backends = (): Promise<{ pid: number }[]> => own.sql<{ pid: number }>`
        select pid from pg_stat_activity where state = 'active' and query like '%pg_sleep(60)%' and pid <> pg_backend_pid()`
      await eventually(async () => expect(await backends()).toHaveLength(3))
      const [victim] = await backends()
      // The server takes the death of one backend for a sign that memory is damaged: it ends all and recovers.
      process.kill(victim?.pid ?? 0, 'SIGKILL')
      for (const outcome of await Promise.all(running)) expect(outcome).toBeInstanceOf(errors.ConnectionLost)
      await eventually(async () => expect(await own.sql`select count(*) from notes`).toEqual([{ count: 0 }]))
      const saved = await Promise.all(Array.from({ length: 20 }, (_, id) => own.sql.run`insert into notes values (${id})`))
      expect(saved).toHaveLength(20)
      expect((await own.health())[0]?.pools.writer).toMatchObject({ max: 4, waiting: 0 })
    }, 120_000)
  })
})
