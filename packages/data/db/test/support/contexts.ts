import { AsyncLocalStorage } from 'node:async_hooks'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { type ConnectionDefinition, type ConnectionOptions, createDb, type Database, errors, type Statement } from '@covet/db'
import { eventually, failure } from '@covet/testing'
import { expect } from '@jest/globals'

const requests = Array.from({ length: 12 }, (_, n) => n)
/** How often each request is told of. */
const timesOf = { query: 4, slow: 4, retry: 1, failure: 1, row: 1, data: 1, hook: 1 } as const
type Told = keyof typeof timesOf

/** Whom something is about, and in whose context it was told. */
interface Heard {
  readonly about: number
  readonly inside: number | undefined
}

function asks(request: number): Statement {
  return { text: `select ${request} as request`, params: [] }
}

function requestOf(text: unknown): number {
  return Number(/(\d+) as request/.exec(String(text))?.[1])
}

/**
 * Has many requests wait for one connection, so that each is served by the end of another, and looks at the context in
 * which listeners, hooks and readers of streams run: that of the request they are told of.
 */
export async function expectContexts(
  url: string,
  connect: (options: ConnectionOptions & { url: string }) => ConnectionDefinition,
): Promise<void> {
  await using db = createDb(connect({ url, pool: { max: 1 }, slowQuery: { over: 0 } }))
  await db.connect()
  const context = new AsyncLocalStorage<number>()
  const heard: Record<Told, Heard[]> = { query: [], slow: [], retry: [], failure: [], row: [], data: [], hook: [] }
  const hear = (name: Told, about: number): void => {
    heard[name].push({ about, inside: context.getStore() })
  }
  /** Of these it is not said whom they are about: each request has its number of them. */
  const counted: Record<'acquire' | 'leak', (number | undefined)[]> = { acquire: [], leak: [] }
  db.on('query', ({ text }) => hear('query', requestOf(text)))
  db.on('slow', ({ text }) => hear('slow', requestOf(text)))
  db.on('retry', ({ error }) => hear('retry', requestOf((error as errors.Deadlock).statement)))
  db.on('failure', ({ error }) => hear('failure', requestOf((error as Error).message)))
  db.on('acquire', () => counted.acquire.push(context.getStore()))
  db.on('leak', () => counted.leak.push(context.getStore()))

  const work = async (request: number): Promise<void> => {
    await db.execute(asks(request))
    await transactionOf(db, request, () => hear('hook', request))
    for await (const _ of db.stream(asks(request))) hear('row', request)
    const stream = Readable.from(db.stream(asks(request)))
    stream.on('data', () => hear('data', request))
    await once(stream, 'end')
    await db.withConnection((connection) => connection.begin({ readOnly: false }))
  }
  await Promise.all(requests.map((request) => context.run(request, () => work(request))))

  const each = (times: number): number[] => requests.flatMap((request) => Array.from({ length: times }, () => request))
  const ordered = (found: readonly (number | undefined)[]): unknown[] => found.toSorted((one = -1, other = -1) => one - other)
  for (const [name, times] of Object.entries(timesOf)) {
    const about = heard[name as Told].map((entry) => entry.about)
    expect([name, ordered(about)]).toEqual([name, each(times)])
    expect([name, heard[name as Told].map(({ inside }) => inside)]).toEqual([name, about])
  }
  expect(ordered(counted.acquire)).toEqual(each(6))
  expect(ordered(counted.leak)).toEqual(each(1))

  heard.query.length = 0
  await turnedAway(db, context)
  expect(heard.query).toEqual(requests.map((request) => ({ about: request, inside: request })))
}

/** One query, in the second of two attempts; then two hooks, of which one fails. */
async function transactionOf(db: Database, request: number, hook: () => void): Promise<void> {
  let attempts = 0
  const work = async (): Promise<void> => {
    attempts += 1
    if (attempts === 1) throw new errors.Deadlock({ statement: asks(request).text })
    await db.execute(asks(request))
    db.afterCommit(hook)
    db.afterCommit(() => {
      throw new Error(asks(request).text)
    })
  }
  await db.transaction(work, { retry: 1 })
}

/** Queries that wait for a connection until somebody who is none of them aborts them. */
async function turnedAway(db: Database, context: AsyncLocalStorage<number>): Promise<void> {
  const controller = new AbortController()
  const { promise: end, resolve } = Promise.withResolvers<void>()
  const holder = context.run(1_000, () => db.transaction(() => end))
  await eventually(async () => expect((await db.health())[0]?.pools.writer).toMatchObject({ total: 1, idle: 0 }))
  const waiting = requests.map((request) => context.run(request, () => failure(db.execute(asks(request), { signal: controller.signal }))))
  await eventually(async () => expect((await db.health())[0]?.pools.writer).toMatchObject({ waiting: requests.length }))
  context.run(2_000, () => controller.abort(new Error('client left')))
  expect(await Promise.all(waiting)).toEqual(requests.map(() => expect.objectContaining({ message: 'client left' })))
  resolve()
  await holder
}
