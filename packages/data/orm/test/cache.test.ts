import { describe, expect, it } from '@jest/globals'
import { invalidate, memoryStore, type QueryCacheStore, useQueryCache } from '../src/index.ts'
import { blog, Comment, fillBlog, Post, User } from './support/blog.ts'
import { onEachEngine } from './support/engines.ts'

const minute = { ttl: '1m' } as const

/** A store whose new versions can be held back. */
function pausable(): { store: QueryCacheStore; pause: () => void; resume: () => void } {
  const inner = memoryStore()
  let gate: { promise: Promise<void>; resolve: () => void } | undefined
  return {
    store: { ...inner, bump: (tables) => (gate ? gate.promise.then(() => inner.bump(tables)) : inner.bump(tables)) },
    pause: () => {
      gate = Promise.withResolvers<void>()
    },
    resume: () => {
      gate?.resolve()
      gate = undefined
    },
  }
}

onEachEngine('cached queries', (open) => {
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
    await invalidate(space.db, ['posts'])
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

  it('are never stale for longer than the invalidation is held up (ORM-17, trap 35)', async () => {
    await using space = await open(blog)
    await fillBlog()
    const { store, pause, resume } = pausable()
    useQueryCache(space.db, store)
    const views = async (): Promise<number> => (await Post.where('title', 'first').cache(minute).get()).views
    const stored = async (): Promise<number> => (await Post.where('title', 'first').get()).views
    let writing = true
    const reader = (async () => {
      let last = 0
      while (writing) {
        const now = await views()
        expect(now).toBeGreaterThanOrEqual(last)
        last = now
        await new Promise((resolve) => setImmediate(resolve))
      }
    })()
    for (let round = 0; round < 50; round += 1) {
      await space.db.transaction(() => Post.where('title', 'first').update((c) => ({ views: c.views.add(1) })))
      expect(await views()).toBe(await stored())
    }
    writing = false
    await reader
    const before = await views()
    let committed = false
    space.db.on('query', ({ text }) => {
      if (text.startsWith('update')) pause()
    })
    const write = Post.where('title', 'first')
      .update({ views: 1_000 })
      .then(() => {
        committed = true
      })
    while ((await stored()) !== 1_000) await new Promise((resolve) => setImmediate(resolve))
    expect(committed).toBe(false)
    expect([before, 1_000]).toContain(await views())
    resume()
    await write
    expect(await views()).toBe(1_000)
  })
})

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
