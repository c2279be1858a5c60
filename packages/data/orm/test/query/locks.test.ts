import { errors } from '@covet/db'
import { expect, it } from '@jest/globals'
import { blog, fillBlog, User } from '../support/blog.ts'
import { onEachEngine } from '../support/engines.ts'

async function drained(rows: AsyncIterable<unknown>): Promise<number> {
  let count = 0
  for await (const row of rows) count += row === undefined ? 0 : 1
  return count
}

onEachEngine('locks', (open, dialect) => {
  it('outside of a transaction are refused by every way to read', async () => {
    await using space = await open(blog)
    await fillBlog()
    space.clear()
    const locked = User.query().lock('update')
    const ways: readonly (() => PromiseLike<unknown>)[] = [
      () => locked,
      () => locked.first(),
      () => locked.count(),
      () => locked.json(),
      () => locked.cache({ ttl: '1m' }).json(),
      () => locked.with('posts').json(),
      () => locked.select('id').json(),
      async () => drained(locked.ndjson()),
      async () => drained(locked.with('posts').ndjson()),
      async () => drained(locked.stream()),
      async () => drained(locked.select('id').stream()),
      () => User.with({ posts: (q) => q.lock('update') }).json(),
    ]
    const refused = dialect === 'sqlite' ? /no row locks/ : /put it into db\.transaction\(\)/
    for (const way of ways.slice(0, -1)) await expect((async () => way())()).rejects.toThrow(refused)
    expect(space.statements).toEqual([])
    await expect((async () => ways.at(-1)!())()).rejects.toThrow(refused)
  })

  if (dialect === 'sqlite') return

  it('hold the rows that others are joined to, which may be missing', async () => {
    await using space = await open(blog)
    await fillBlog()
    const ordered = User.query().orderBy('profile.bio').lock('update')
    expect(await space.db.transaction(async () => (await ordered).length)).toBe(3)
    expect(await space.db.transaction(async () => (await ordered.first())?.email)).toBe('ada@x.org')
  })

  it('hold the rows of every way to read', async () => {
    await using space = await open(blog)
    await fillBlog()
    const { db } = space
    const held = (): Promise<unknown> =>
      db
        .detached(() => db.transaction(() => User.query().lock('update', { noWait: true })))
        .then(
          () => 'free',
          (error: unknown) => error,
        )
    const ways: readonly (() => PromiseLike<unknown>)[] = [
      () => User.query().lock('update').json(),
      async () => drained(User.query().lock('update').ndjson()),
      async () => drained(User.query().lock('update').stream()),
      () => User.query().lock('update').count(),
      () => User.query().lock('update').limit(2).count(),
      () => User.query().lock('update').exists(),
      () => User.query().orderBy('id').limit(1).lock('update').exists(),
      () => User.query().lock('update').first(),
      () => User.query().lock('update').paginate({ perPage: 2 }),
    ]
    for (const way of ways)
      await db.transaction(async () => {
        await way()
        expect(await held()).toBeInstanceOf(errors.LockTimeout)
      })
    expect(await held()).toBe('free')
  })

  it('hold each row that is counted, and answer as without them', async () => {
    await using space = await open(blog)
    await fillBlog()
    const { db } = space
    const ids = (await User.query().orderBy('id')).map(({ id }) => id)
    const locked = User.query().orderBy('id').lock('update')
    const free = (id: number): Promise<boolean> =>
      db.detached(() => db.transaction(async () => (await User.where('id', id).lock('update', { skipLocked: true })).length === 1))
    await db.transaction(async () => {
      expect(await locked.count()).toBe(3)
      for (const id of ids) expect(await free(id)).toBe(false)
    })
    await db.transaction(async () => {
      const { items, ...page } = await locked.paginate({ page: 2, perPage: 2 })
      expect(items.map(({ id }) => id)).toEqual(ids.slice(2))
      expect(page).toEqual({ total: 3, page: 2, perPage: 2, pages: 2 })
      expect(await locked.exists()).toBe(true)
      expect(await locked.where('email', 'nobody').exists()).toBe(false)
      expect(await locked.where('email', 'nobody').count()).toBe(0)
    })
    await db.transaction(async () => {
      expect(await locked.where('id', ids[0]!).count()).toBe(1)
      expect(await free(ids[0]!)).toBe(false)
      expect(await free(ids[2]!)).toBe(true)
    })
  })

  it('of several readers go together, and wait, skip or give up for a writer', async () => {
    await using space = await open(blog)
    const { ada } = await fillBlog()
    const { db } = space
    const apart = (options?: { skipLocked?: boolean; noWait?: boolean }): Promise<number> =>
      db.detached(() => db.transaction(async () => (await User.query().lock('share', options)).length))
    await db.transaction(async () => {
      await User.query().lock('share')
      expect([await apart(), await apart({ skipLocked: true }), await apart({ noWait: true })]).toEqual([3, 3, 3])
    })
    await db.transaction(async () => {
      await User.where('id', ada.id).lock('update')
      expect(await apart({ skipLocked: true })).toBe(2)
      await expect(apart({ noWait: true })).rejects.toThrow(errors.LockTimeout)
    })
  })

  if (dialect === 'mysql')
    it('for sharing are written for MySQL and for MariaDB, which leaves the other one out', async () => {
      await using space = await open(blog)
      void space
      const text = (options?: { skipLocked?: boolean; noWait?: boolean }): string | undefined =>
        /`t0`\s(?<lock>.*)$/.exec(User.query().lock('share', options).toSql().text)?.groups?.lock
      expect(text()).toBe('lock in share mode')
      expect(text({ skipLocked: true })).toBe('/*!80000 for share skip locked *//*M! lock in share mode skip locked */')
      expect(text({ noWait: true })).toBe('/*!80000 for share nowait *//*M! lock in share mode nowait */')
    })
})
