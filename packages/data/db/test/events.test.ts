import { tracingChannel } from 'node:diagnostics_channel'
import { describe, expect, it, jest } from '@jest/globals'
import { errors, type QueryEvent, type QueryTrace } from '../src/index.ts'
import { memoryDb, signalled } from './support/databases.ts'

describe('query events', () => {
  it('tell text, rows and times, and nothing of the values', async () => {
    await using db = await memoryDb({ asynchronous: true })
    const queries: QueryEvent[] = []
    const off = db.on('query', (event) => queries.push(event))
    await db.sql`insert into notes (id, body) values (${1}, ${'secret'})`
    await db.transaction(() => db.sql`select body from notes`)
    await expect(db.sql`insert into notes (id, body) values (${1}, ${'secret'})`).rejects.toBeInstanceOf(errors.UniqueViolation)
    off()
    await db.sql`select 1`
    expect(queries.map(({ text, rows, changes }) => [text, rows, changes])).toEqual([
      ['insert into notes (id, body) values (?1, ?2)', 0, 1],
      ['select body from notes', 1, 0],
      ['insert into notes (id, body) values (?1, ?2)', 0, 0],
    ])
    expect(queries[2]?.error).toBeInstanceOf(errors.UniqueViolation)
    expect(JSON.stringify(queries)).not.toContain('secret')
    expect(
      queries.every(({ waitMs, runMs, connection, dialect }) => waitMs >= 0 && runMs > 0 && connection + dialect === 'mainsqlite'),
    ).toBe(true)
  })

  it('come for an engine in this process as for any other', async () => {
    await using db = await memoryDb({ embedded: true })
    const queries: QueryEvent[] = []
    await db.sql`insert into notes (id, body) values (1, 'A')`
    await expect(db.sql`insert into notes (id, body) values (2, 'A')`).rejects.toBeInstanceOf(errors.UniqueViolation)
    db.on('query', (event) => queries.push(event))
    expect(db.executeNow({ text: 'select body from notes', params: [] })).toMatchObject({ rows: [{ body: 'A' }] })
    expect(() => db.executeNow({ text: 'selec', params: [] })).toThrow(errors.QueryFailed)
    expect(queries.map(({ rows, node, error }) => [rows, node, error !== undefined])).toEqual([
      [1, ':memory:', false],
      [0, ':memory:', true],
    ])
  })

  it('tell the wait for a connection apart from the run', async () => {
    await using db = await memoryDb()
    const { promise: ended, resolve: end } = signalled()
    const holder = db.transaction(() => ended)
    const event = new Promise<QueryEvent>((resolve) => db.on('query', resolve))
    const query = db.sql`select 1`
    setTimeout(end, 30)
    await Promise.all([holder, query])
    const { waitMs, runMs } = await event
    expect(waitMs).toBeGreaterThan(20)
    expect(runMs).toBeLessThan(waitMs)
  })

  it('come for a query that never got a connection', async () => {
    await using db = await memoryDb({ pool: { acquireTimeout: 5 } })
    const { promise: ended, resolve: end } = signalled()
    const holder = db.transaction(() => ended)
    const event = new Promise<QueryEvent>((resolve) => db.on('query', resolve))
    await expect(db.sql`select 1`).rejects.toBeInstanceOf(errors.PoolTimeout)
    expect(await event).toMatchObject({ runMs: 0, rows: 0, error: expect.any(errors.PoolTimeout) })
    end()
    await holder
  })

  it('leave a query alone when a listener throws, which becomes an uncaught exception', async () => {
    await using db = await memoryDb()
    const nextTick = jest.spyOn(process, 'nextTick')
    const thrown: unknown[] = []
    nextTick.mockImplementation((callback) => {
      try {
        callback()
      } catch (error) {
        thrown.push(error)
      }
    })
    const broken = new Error('listener')
    db.on('query', () => {
      throw broken
    })
    expect(await db.sql`select 1 as one`).toEqual([{ one: 1 }])
    nextTick.mockRestore()
    expect(thrown).toEqual([broken])
  })

  it('are slow over the limit only', async () => {
    await using strict = await memoryDb({ slowQuery: { over: 0 } })
    await using lax = await memoryDb()
    const slow: string[] = []
    strict.on('slow', ({ text }) => slow.push(text))
    lax.on('slow', ({ text }) => slow.push(text))
    await strict.sql`select 1`
    await lax.sql`select 2`
    expect(slow).toEqual(['select 1'])
  })
})

describe('the tracing channel covet:db.query', () => {
  it('carries every query from start to end', async () => {
    await using db = await memoryDb()
    const seen: string[] = []
    const traces: QueryTrace[] = []
    const subscribers = {
      start: (trace: QueryTrace) => void seen.push(`start ${trace.text}`),
      end: () => undefined,
      asyncStart: () => undefined,
      asyncEnd: (trace: QueryTrace) => {
        seen.push('end')
        traces.push(trace)
      },
      error: (trace: QueryTrace) => void seen.push(`error ${(trace.error as errors.DatabaseError).code}`),
    }
    const channel = tracingChannel<QueryTrace>('covet:db.query')
    channel.subscribe(subscribers)
    await db.sql`select 1`
    await expect(db.sql`selec 1`).rejects.toBeInstanceOf(errors.QueryFailed)
    channel.unsubscribe(subscribers)
    await db.sql`select 2`
    expect(seen).toEqual(['start select 1', 'end', 'start selec 1', 'error db/query-failed', 'end'])
    expect(traces[0]).toMatchObject({ connection: 'main', dialect: 'sqlite', rows: 1, changes: 0, runMs: expect.any(Number) })
  })
})
