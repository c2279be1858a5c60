import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createDb, type Database } from '@covet/db'
import { sqlite } from '@covet/sqlite'
import { expect, it } from '@jest/globals'
import { errors } from '../src/index.ts'
import { createTables } from '../src/testing.ts'
import { fillModels, models, Post, User } from './loading/models.ts'
import { onEachEngine } from './support/engines.ts'

onEachEngine('stream()', (open, dialect) => {
  it('gives the rows in batches with their relations, a query per relation and batch (Q20)', async () => {
    await using at = await open(models)
    await fillModels()
    at.clear()
    const seen: string[] = []
    for await (const post of Post.query().with('author', 'comments').orderBy('id').stream({ batch: 3 }))
      seen.push(`${post.author.name} ${post.comments.length}`)
    expect(seen).toEqual(['Ann 2', 'Ann 0', 'Ann 0', 'Bob 1', 'Bob 0', 'Bob 0', 'Bob 0', 'Bob 0'])
    expect(at.statements).toHaveLength(1 + 3 * (dialect === 'sqlite' ? 2 : 1))
  })

  it('streams plain rows, and what a transaction sees', async () => {
    await using at = await open(models)
    const { cy } = await fillModels()
    const titles: unknown[] = []
    for await (const row of Post.where('authorId', '!=', cy.id).orderBy('id').limit(2).select('title').stream()) titles.push(row)
    expect(titles).toEqual([{ title: 'Ann 0' }, { title: 'Ann 1' }])
    await at.db.transaction(async () => {
      await Post.create({ title: 'unseen', authorId: cy.id })
      const inside: string[] = []
      for await (const post of cy.related('posts').stream({ batch: 1 })) inside.push(post.title)
      expect(inside).toEqual(['unseen'])
    })
  })

  it('gives its connection back and leaves nothing open, after a break and after an error (ORM-16)', async () => {
    await using at = await open(models)
    const user = await User.create({ name: 'writer' })
    await Post.createMany(Array.from({ length: 20_000 }, (_, index) => ({ title: `post ${index}`, views: index, authorId: user.id })))
    const taken = async (count: number, fail = false): Promise<number> => {
      let read = 0
      for await (const post of Post.query().orderBy('id').stream({ batch: 100 })) {
        if (post.views !== read) throw new Error('out of order')
        read += 1
        if (fail && read === count) throw new Error('enough')
        if (read === count) break
      }
      return read
    }
    for (let round = 0; round < 20; round += 1) expect(await taken(10)).toBe(10)
    await expect(taken(10, true)).rejects.toThrow('enough')
    expect(await taken(Number.POSITIVE_INFINITY)).toBe(20_000)

    for (const { state, pools } of await at.db.health()) {
      expect(state).toBe('up')
      for (const { total, idle, waiting } of Object.values(pools)) expect({ lent: total - idle, waiting }).toEqual({ lent: 0, waiting: 0 })
    }
    if (dialect === 'postgres') {
      const [left] = await at.db.sql<{
        cursors: string
        idle: string
      }>`select (select count(*) from pg_cursors where name <> '') as cursors, (select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in transaction%') as idle`
      expect([Number(left?.cursors), Number(left?.idle)]).toEqual([0, 0])
    }
    await Post.where('authorId', user.id).update({ views: 0 })
  })

  it('holds a batch of 100,000 rows at a time, not all of them (ORM-16)', async () => {
    await using at = await open(models)
    // A database in memory has one connection, whose rows are read at once.
    await using own = dialect === 'sqlite' ? await temporary() : { db: at.db, [Symbol.asyncDispose]: async () => undefined }
    const [writers, posts] = [User.using(own.db), Post.using(own.db)]
    const { id } = await writers.create({ name: 'writer' })
    const rows = 100_000
    await posts.createMany(Array.from({ length: rows }, (_, index) => ({ title: `post ${index}`, views: index, authorId: id })))
    const held: number[] = []
    let read = 0
    for await (const post of posts.query().orderBy('id').stream()) {
      read += post.views === read ? 1 : 0
      if (read === 10_000 || read === 95_000) held.push(heapUsed())
    }
    expect(read).toBe(rows)
    // All of them take more than 20 MB.
    expect((held[1] ?? Number.NaN) - (held[0] ?? 0)).toBeLessThan(4_000_000)
  }, 60_000)

  it('ends when its signal says so, and refuses a batch that is none', async () => {
    await using _ = await open(models)
    await fillModels()
    const controller = new AbortController()
    const streaming = async (): Promise<void> => {
      for await (const _post of Post.query().signal(controller.signal).stream({ batch: 1 })) controller.abort(new Error('stop'))
    }
    await expect(streaming()).rejects.toThrow('stop')
    expect(await Post.query().count()).toBe(8)
    expect(() => Post.query().stream({ batch: 0 })).toThrow(errors.InvalidQueryError)
    expect(() => Post.query().stream({ batch: 1.5 })).toThrow(errors.InvalidQueryError)
  })
})

/** A database in a file of its own. */
async function temporary(): Promise<AsyncDisposable & { readonly db: Database }> {
  const folder = await mkdtemp(join(tmpdir(), 'covet-stream-'))
  const db = createDb(sqlite({ file: join(folder, 'stream.db'), durability: 'normal' }))
  await createTables(db, models)
  return {
    db,
    async [Symbol.asyncDispose]() {
      await db.close({ drain: 0 })
      await rm(folder, { recursive: true })
    },
  }
}

function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
  return process.memoryUsage().heapUsed
}
