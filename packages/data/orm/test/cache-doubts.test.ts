import { createDb, type Database, errors } from '@covet/db'
import { sqlite } from '@covet/sqlite'
import { describe, expect, it } from '@jest/globals'
import { Doubts } from '../src/cache/doubts.ts'
import { QueryCache } from '../src/cache/query-cache.ts'
import { memoryStore, type QueryCacheStore, useQueryCache } from '../src/index.ts'
import { blog, fillBlog, Post, User } from './support/blog.ts'
import { onEachEngine, type OpenDatabase } from './support/engines.ts'

const minute = { ttl: '1m' } as const
const first = () => Post.where('title', 'first')
const cachedViews = async (): Promise<number> => (await first().cache(minute).get()).views

/** Their answer is there without a statement: nothing that was written before keeps the tables from the cache. */
async function expectCached(space: OpenDatabase, views: number): Promise<void> {
  expect(await cachedViews()).toBe(views)
  space.clear()
  expect(await cachedViews()).toBe(views)
  expect(space.statements).toEqual([])
}

/** The next call of the method on the writer does its work, and then loses the answer. @returns what it fails with */
async function loseAnswer(db: Database, method: 'commit' | 'execute'): Promise<Error> {
  // With its connection a database in memory would be lost.
  const error = db.dialect === 'sqlite' ? new errors.QueryFailed('the answer is lost') : new errors.ConnectionLost()
  await db.withConnection((connection) => {
    const real = connection[method].bind(connection) as (...args: readonly unknown[]) => unknown
    const lost = async (...args: readonly unknown[]): Promise<never> => {
      Reflect.deleteProperty(connection, method)
      await real(...args)
      throw error
    }
    Object.defineProperty(connection, method, { value: lost, configurable: true })
  })
  return error
}

onEachEngine('cached queries and writes of unknown end', (open, dialect, product) => {
  it('are not stale when the first one is read while a transaction writes (trap 35)', async () => {
    await using space = await open(blog)
    await fillBlog()
    const { db } = space
    await db.transaction(async () => {
      await first().update({ views: 2 })
      // One connection has SQLite in memory: nobody else reads there meanwhile.
      if (dialect !== 'sqlite') expect(await db.detached(cachedViews)).toBe(3)
    })
    await expectCached(space, 2)
  })

  it('are not stale when a store is given to the database while a transaction writes', async () => {
    await using space = await open(blog)
    await fillBlog()
    const store = memoryStore()
    const bumped: string[] = []
    await space.db.transaction(async () => {
      await first().update({ views: 2 })
      const bump: QueryCacheStore['bump'] = (tables) => {
        bumped.push(...tables)
        return store.bump(tables)
      }
      useQueryCache(space.db, { ...store, bump }, { namespace: 'blog' })
    })
    expect(bumped).toEqual(['blog:posts', 'blog:posts'])
  })

  it('see a write whose answer was lost', async () => {
    await using space = await open(blog, 'alone')
    await fillBlog()
    await expectCached(space, 3)
    const lost = await loseAnswer(space.db, 'execute')
    await expect(first().update({ views: 7 })).rejects.toBe(lost)
    expect(await cachedViews()).toBe(7)
  })

  it('are read anew after a write that failed', async () => {
    await using space = await open(blog)
    await fillBlog()
    expect(await User.query().cache(minute).count()).toBe(3)
    space.clear()
    expect(await User.query().cache(minute).count()).toBe(3)
    expect(space.statements).toEqual([])
    await expect(User.create({ email: 'ada@x.org' })).rejects.toBeInstanceOf(errors.UniqueViolation)
    space.clear()
    expect(await User.query().cache(minute).count()).toBe(3)
    // Creating is a transaction on MySQL, which is known to be undone.
    expect(space.statements).toHaveLength(product === 'MySQL' ? 0 : 1)
  })

  it('see a commit whose answer was lost, also where they were read between it and the version before it (ORM-17)', async () => {
    await using space = await open(blog, 'alone')
    await fillBlog()
    const { db } = space
    await expectCached(space, 3)
    const outcome = db.transaction(async () => {
      await first().update({ views: 7 })
      if (dialect !== 'sqlite') {
        const beforeCommit = (): Promise<void> => db.detached(async () => expect(await cachedViews()).toBe(3))
        db.participant({ takePart: () => ({ adopt: () => undefined, beforeCommit }) })
      }
      await loseAnswer(db, 'commit')
    })
    await expect(outcome).rejects.toBeInstanceOf(dialect === 'sqlite' ? errors.QueryFailed : errors.CommitUnknown)
    expect(await cachedViews()).toBe(7)
    await db.transaction(() => first().update({ views: 8 }))
    expect(await cachedViews()).toBe(8)
  })

  it('go on for others when the caller that began to read gives up', async () => {
    await using space = await open(blog)
    await fillBlog()
    const gate = Promise.withResolvers<void>()
    const aborted = new Error('gave up')
    const cache = new QueryCache(space.db)
    const request = { text: 'select 1', params: [], tables: ['posts'], ttl: 1_000 }
    const giving = cache.answer(request, () => gate.promise.then(() => Promise.reject(aborted)))
    const waiting = [1, 2].map(() => Promise.resolve(cache.answer(request, () => Promise.resolve([[1]]))))
    gate.resolve()
    await expect(giving).rejects.toBe(aborted)
    expect(await Promise.all(waiting)).toEqual([[[1]], [[1]]])
  })

  it('give each caller an answer of its own, whoever aborts', async () => {
    await using space = await open(blog)
    await fillBlog()
    await expectCached(space, 3)
    await first().update({ views: 4 })
    const stop = new AbortController()
    const impatient = first().signal(stop.signal).cache(minute).get()
    const patient = cachedViews()
    stop.abort(new Error('gave up'))
    await impatient.catch(() => undefined)
    expect(await patient).toBe(4)
  })

  it('of two databases in one store do not mix', async () => {
    await using one = await open(blog)
    await using other = await open(blog)
    const store = memoryStore()
    useQueryCache(one.db, store)
    useQueryCache(other.db, store)
    await User.using(one.db).create({ email: 'one@x.org' })
    await User.using(other.db).createMany([{ email: 'a@x.org' }, { email: 'b@x.org' }])
    const count = (db: Database): Promise<number> => User.using(db).query().cache(minute).count()
    expect([await count(one.db), await count(other.db)]).toEqual([1, 2])
    one.clear()
    await User.using(other.db).create({ email: 'c@x.org' })
    expect([await count(one.db), await count(other.db)]).toEqual([1, 3])
    expect(one.statements).toEqual([])
  })
})

describe('the query cache', () => {
  const request = { text: 'select', params: [], tables: ['t'], ttl: 1_000 }

  it('reads tables of a lost write from the database until its doubt is over, and then anew', async () => {
    await using db = createDb(sqlite({ file: ':memory:' }))
    let now = 0
    const cache = new QueryCache(db, new Doubts({ lasts: 10, now: () => now }))
    let stored = 1
    let reads = 0
    const read = (): unknown[][] => {
      reads += 1
      return [[stored]]
    }
    expect(cache.answer(request, read)).toEqual([[1]])
    const lost = new errors.ConnectionLost()
    expect(() =>
      cache.writing(['t'], () => {
        throw lost
      }),
    ).toThrow(lost)
    stored = 2
    expect(cache.answer(request, read)).toEqual([[2]])
    expect(cache.answer(request, read)).toEqual([[2]])
    expect(reads).toBe(3)
    now = 10
    stored = 3
    expect(cache.answer(request, read)).toEqual([[3]])
    stored = 4
    expect(cache.answer(request, read)).toEqual([[3]])
    expect(reads).toBe(4)
  })

  it.each(['at once', 'later'])('does not give old answers when the store fails %s after a write', async (when) => {
    await using db = createDb(sqlite({ file: ':memory:' }))
    const inner = memoryStore()
    const down = new Error('store down')
    let bumps = 0
    const bump = (tables: readonly string[]): ReturnType<QueryCacheStore['bump']> => {
      bumps += 1
      if (bumps % 2 === 1) return inner.bump(tables)
      if (when === 'later') return Promise.reject(down)
      throw down
    }
    const cache = new QueryCache(db)
    cache.use({ ...inner, bump }, 'n')
    const write = async (): Promise<unknown> => cache.writing(['t'], () => Promise.resolve('written'))
    await expect(write()).rejects.toBe(down)
    const refused = new Error('refused')
    const refuse = async (): Promise<unknown> => cache.writing(['t'], () => Promise.reject(refused))
    await expect(refuse()).rejects.toBe(refused)
    expect(cache.answer(request, () => [[1]])).toEqual([[1]])
    expect(cache.answer(request, () => [[2]])).toEqual([[2]])
  })

  it('wants a namespace with a store of several processes', async () => {
    await using db = createDb(sqlite({ file: ':memory:' }))
    const { local: _, ...store } = memoryStore()
    expect(() => useQueryCache(db, store)).toThrow('takes a namespace')
    expect(() => useQueryCache(db, store, { namespace: 'shop' })).not.toThrow()
  })
})

describe('doubts', () => {
  it('are over when they are ended, or when their time is', () => {
    let now = 0
    const doubts = new Doubts({ lasts: 10, now: () => now })
    const doubt = doubts.begin(['a', 'b'])
    doubts.begin(['b'])
    doubts.end(doubt)
    expect([doubts.concern(['a']), doubts.concern(['a', 'b'])]).toEqual([false, true])
    expect(doubts.over(['a', 'b'])).toEqual([])
    now = 10
    expect(doubts.concern(['b'])).toBe(false)
    expect(doubts.over(['a', 'b'])).toEqual(['b'])
    doubts.settled(['b'])
    expect(doubts.over(['b'])).toEqual([])
  })
})
