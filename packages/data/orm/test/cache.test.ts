import type { MaybePromise } from '@covet/db'
import { describe, expect, it } from '@jest/globals'
import { invalidateQueries, memoryStore, type QueryCacheStore, useQueryCache } from '../src/index.ts'
import { blog, Comment, fillBlog, Post, User } from './support/blog.ts'
import { Badge, City, countries, Country, Street } from './support/countries.ts'
import { onEachEngineAndFile } from './support/engines.ts'

const minute = { ttl: '1m' } as const

/** A store that answers at once or later, by turns, and can be made to wait with the new versions of a table after a commit. */
function pausable(): { readonly store: QueryCacheStore; bumps(): number; pauseAfterCommit(): Pause } {
  const inner = memoryStore()
  let calls = 0
  let bumped = 0
  let waiting: { readonly at: number; readonly reached: PromiseWithResolvers<void>; readonly over: PromiseWithResolvers<void> } | undefined
  const later = <T>(work: () => MaybePromise<T>): MaybePromise<T> => ((calls += 1) % 3 === 0 ? turn().then(work) : work())
  return {
    store: {
      local: true,
      versions: (tables) => later(() => inner.versions(tables)),
      get: (key) => later(() => inner.get(key)),
      set: (key, rows, ttl) => later(() => inner.set(key, rows, ttl)),
      bump(tables) {
        bumped += 1
        if (waiting?.at !== bumped) return later(() => inner.bump(tables))
        waiting.reached.resolve()
        return waiting.over.promise.then(() => inner.bump(tables))
      },
    },
    bumps: () => bumped,
    pauseAfterCommit() {
      // The first one comes before the commit.
      const [reached, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      waiting = { at: bumped + 2, reached, over }
      return { reached: reached.promise, end: over.resolve }
    },
  }
}

interface Pause {
  /** When the writer waits. */
  readonly reached: Promise<void>
  end(): void
}

onEachEngineAndFile('cached queries', (open) => {
  it('are answered once until a table they read is written, relations included', async () => {
    await using space = await open(blog)
    const { ada } = await fillBlog()
    const query = User.where('posts.views', '>', 4).with('posts').orderBy('id').cache(minute)
    const read = async (): Promise<number[]> => (await query).map(({ posts }) => posts.length)
    expect(await read()).toEqual([3, 1])
    space.clear()
    expect(await read()).toEqual([3, 1])
    expect(space.statements).toEqual([])
    await Post.create({ title: 'new', authorId: ada.id })
    expect(await read()).toEqual([4, 1])
    await User.where('id', ada.id).update({ name: 'A' })
    expect((await query)[0]?.name).toBe('A')
    await space.db.sql`update posts set views = 0`
    expect(await read()).toEqual([4, 1])
    await invalidateQueries(space.db, ['posts'])
    expect(await read()).toEqual([])
  })

  it('hear of rows that were deleted with others', async () => {
    await using space = await open(blog)
    void space
    const { ada } = await fillBlog()
    const comments = Comment.query().cache(minute)
    expect(await comments.count()).toBe(3)
    await ada.delete()
    expect(await comments.count()).toBe(0)
    expect(await Post.query().cache(minute).count()).toBe(1)
    await User.where('email', 'bob@y.org').delete()
    expect(await Post.query().cache(minute).count()).toBe(0)
  })

  it('hear of keys that change with others, however far', async () => {
    await using space = await open(countries)
    void space
    await Country.create({ code: 'de', name: 'Germany' })
    await City.create({ countryCode: 'de', number: 1 })
    await Street.create({ name: 'Main', countryCode: 'de', cityNumber: 1 })
    const tag = await Badge.create({ text: 'eu' })
    await (await Country.findOrFail('de')).related('badges').add(tag)
    const cached = async (): Promise<unknown> => [
      (await City.query().cache(minute)).map(({ countryCode }) => countryCode),
      (await Street.query().cache(minute)).map(({ countryCode }) => countryCode),
      (await Badge.where('countries.code', 'de').cache(minute)).length,
    ]
    expect(await cached()).toEqual([['de'], ['de'], 1])
    await Country.where('code', 'de').update({ code: 'dd' })
    expect(await cached()).toEqual([['dd'], ['dd'], 0])
    const country = await Country.findOrFail('dd')
    country.code = 'de'
    await country.save()
    expect(await cached()).toEqual([['de'], ['de'], 1])
  })

  it('get new versions of their tables twice per transaction, however much it writes', async () => {
    await using space = await open([...blog, ...countries])
    const bumped: (readonly string[])[] = []
    const inner = memoryStore()
    const bump = (tables: readonly string[]): MaybePromise<void> => {
      bumped.push(tables.map((table) => table.split(':').at(-1) ?? '').toSorted())
      return inner.bump(tables)
    }
    useQueryCache(space.db, { ...inner, bump })
    await space.db.transaction(async () => {
      for (let count = 0; count < 50; count += 1) await Badge.create({ text: String(count) })
      await space.db.transaction(async () => {
        for (let count = 0; count < 50; count += 1) await User.create({ email: String(count) })
      })
      await space.db
        .transaction(async () => {
          await Country.create({ code: 'xx', name: 'undone' })
          throw new Error('no')
        })
        .catch(() => undefined)
    })
    expect(bumped).toEqual([
      ['badges', 'users'],
      ['badges', 'users'],
    ])
  })

  it('give instances of their own, which nobody else changes', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    const query = User.query().orderBy('id').limit(1).cache(minute)
    const one = await query.firstOrFail()
    one.name = 'changed in memory'
    expect((await query.firstOrFail()).name).toBe('Ada')
    await one.save()
    expect((await query.firstOrFail()).name).toBe('changed in memory')
    expect(await User.query().cache(minute).count()).toBe(3)
    expect(await User.query().select('email').cache(minute)).toHaveLength(3)
  })

  it('give plain rows dates of their own too', async () => {
    await using space = await open(blog)
    void space
    const { ada } = await fillBlog()
    const publishedAt = new Date('2026-03-01T10:00:00.123Z')
    await Post.where('authorId', ada.id).update({ publishedAt })
    const plain = Post.where('authorId', ada.id).select('publishedAt').cache(minute)
    const last = User.where('id', ada.id)
      .annotate((c) => ({ last: c.posts.publishedAt.max() }))
      .cache(minute)
    const dates = async (): Promise<(Date | null | undefined)[]> => [(await plain)[0]?.publishedAt, (await last)[0]?.last]
    for (const date of await dates()) date?.setUTCFullYear(1970)
    expect(await dates()).toEqual([publishedAt, publishedAt])
  })

  it('are neither read nor filled inside a transaction, and what was rolled back invalidates nothing (ORM-17, trap 35)', async () => {
    await using space = await open(blog)
    await fillBlog()
    const count = (): Promise<number> => Post.query().cache(minute).count()
    expect(await count()).toBe(4)
    await expect(
      space.db.transaction(async () => {
        await Post.where('title', 'first').delete()
        expect(await count()).toBe(3)
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    space.clear()
    expect(await count()).toBe(4)
    expect(space.statements).toEqual([])
    await space.db.transaction(async () => {
      await expect(
        space.db.transaction(async () => {
          await Post.where('title', 'first').delete()
          throw new Error('inner')
        }),
      ).rejects.toThrow('inner')
    })
    space.clear()
    expect(await count()).toBe(4)
    expect(space.statements).toEqual([])
    await space.db.sandbox(async () => {
      await Post.where('title', 'first').delete()
      expect(await count()).toBe(3)
    })
    expect(await count()).toBe(4)
  })

  it('are never stale for longer than the invalidation is held up, in 1,000 increments with a reader (ORM-17, trap 35)', async () => {
    await using space = await open(blog)
    await fillBlog()
    const { store, bumps, pauseAfterCommit } = pausable()
    useQueryCache(space.db, store)
    const first = Post.where('title', 'first')
    const views = async (): Promise<number> => (await first.cache(minute).get()).views
    const stored = async (): Promise<number> => (await first.get()).views
    const increment = (): Promise<number> => first.update((c) => ({ views: c.views.add(1) }))
    const start = await stored()
    const increments = 1_000
    let finished = start
    let begun = start
    let reads = 0
    const wrong: string[] = []
    const reader = (async () => {
      while (finished < start + increments) {
        const least = finished
        const read = await views()
        reads += 1
        // Older than what had an end before the question is stale; newer than what had a beginning is not committed.
        if (read < least || read > begun) wrong.push(`${read} where ${least} to ${begun} can be`)
        await turn()
      }
    })()
    const whatItWas: number[] = []
    for (let round = 1; round <= increments; round += 1) {
      const pause = round % 50 === 0 ? pauseAfterCommit() : undefined
      begun += 1
      const alone = pause ? round % 100 === 0 : round % 2 === 0
      const written = alone ? increment() : space.db.transaction(increment)
      if (pause) {
        await pause.reached
        expect(await stored()).toBe(begun)
        const [before, seen] = [reads, await views()]
        whatItWas.push(begun - seen)
        while (reads < before + 3) await turn()
        pause.end()
      }
      // SQLite would not let the reader in otherwise.
      await turn()
      await written
      finished = begun
      expect(await views()).toBe(begun)
    }
    await reader
    expect(wrong).toEqual([])
    expect(await stored()).toBe(start + increments)
    // While the writer waited: the value of then, or the one before.
    expect(whatItWas).toHaveLength(20)
    expect(whatItWas.filter((age) => age !== 0 && age !== 1)).toEqual([])
    expect(reads).toBeGreaterThan(increments)

    const bumped = bumps()
    const undone = space.db.transaction(async () => {
      await increment()
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    space.clear()
    expect(await views()).toBe(start + increments)
    expect([bumps(), space.statements]).toEqual([bumped, []])
  })
})

/** Lets the others work. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

describe('the memory store', () => {
  it('forgets what is too old and what was not asked for longest', () => {
    let now = 0
    const store = memoryStore({ maxEntries: 2, now: () => now })
    void store.set('a', [[1]], 10)
    now = 11
    expect(store.get('a')).toBeUndefined()
    void store.set('b', [[2]], 10)
    void store.set('c', [[3]], 10)
    void store.set('d', [[4]], 10)
    expect([store.get('b'), store.get('d')]).toEqual([undefined, [[4]]])
  })

  it('takes a positive time to live', () => {
    expect(() => User.query().cache({ ttl: 0 })).toThrow('above 0')
  })
})
