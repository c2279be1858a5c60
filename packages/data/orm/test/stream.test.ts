import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '@covet/db'
import { expect, it } from '@jest/globals'
import { heldBytes } from '@covet-workspace/tooling/heap'
import { errors, f, Model } from '../src/index.ts'
import { fillModels, models, Post, User } from './loading/models.ts'
import { openApart } from './support/apart.ts'
import { onEachEngine } from './support/engines.ts'
import { streamedRows } from './soak/size.ts'
import { openReads } from './support/open-reads.ts'

class Sample extends Model('samples', { id: f.id(), title: f.string(), place: f.int() }) {}

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
    // In memory there is nobody else to ask.
    if (dialect !== 'sqlite') await settled(() => openReads(at.db), 0)
    await Post.where('authorId', user.id).update({ views: 0 })
  })

  it(`leaves nothing open on the server and holds a batch at a time, of ${streamedRows.toLocaleString('en')} rows (ORM-16)`, async () => {
    await using at = await open([Sample])
    await using own = await openApart(at, [Sample])
    await fillSamples(own.watcher)
    const samples = Sample.using(own.db).query().orderBy('id')
    const taken = async (fail: boolean): Promise<number> => {
      let read = 0
      for await (const { place } of samples.stream()) {
        expect(place).toBe(read)
        read += 1
        if (read === 5) expect(await openReads(own.watcher)).toBe(1)
        if (fail && read === 10) throw new Error('enough')
        if (read === 10) break
      }
      return read
    }
    const cursors = async (): Promise<number> => Number((await own.db.sql<{ n: string }>`select count(*) as n from pg_cursors`)[0]?.n)
    const held: number[] = []
    for (let round = 0; round < 6; round += 1) {
      // Something new in the log of SQLite, which a reader that was left behind would keep.
      await own.watcher.sql`update samples set title = ${`round ${round}`} where id = 1`
      if (round === 3) await expect(taken(true)).rejects.toThrow('enough')
      else expect(await taken(false)).toBe(10)
      await settled(() => openReads(own.watcher), 0)
      // Asked in the only connection, so that it is back, too: the question is one cursor itself.
      if (dialect === 'postgres') expect(await cursors()).toBe(1)
      for (const { state, pools } of await own.db.health()) {
        expect(state).toBe('up')
        for (const { total, idle, waiting } of Object.values(pools)) expect([total - idle, waiting]).toEqual([0, 0])
      }
      held.push(heldBytes())
    }
    expect(held.at(-1)! - held[1]!).toBeLessThan(2_000_000)

    const shares = [0.01, 0.5, 0.95]
    let inOrder = 0
    held.length = 0
    for await (const { place } of samples.stream()) {
      if (place === inOrder) inOrder += 1
      if (shares.includes(inOrder / streamedRows)) held.push(heldBytes())
    }
    expect(inOrder).toBe(streamedRows)
    // All of a million take more than 200 MB.
    expect(Math.max(...held) - held[0]!).toBeLessThan(4_000_000)
    await settled(() => openReads(own.watcher), 0)
  }, 120_000)

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

/**
 * Made by the engine itself. MariaDB counts to 1,000 in one recursion. All rows take 24 MB at least: a server is done with what
 * the buffers of the connection hold, however little of it was read.
 */
async function fillSamples(db: Database): Promise<void> {
  const title = 'sample'.repeat(Math.ceil(4_000_000 / streamedRows))
  await db.sql`insert into samples (title, place)
    with recursive numbers (n) as (select 0 union all select n + 1 from numbers where n < 999)
    select ${title}, thousands.n * 1000 + numbers.n from numbers thousands cross join numbers where thousands.n < ${streamedRows / 1_000} order by 2`
}

/**
 * The server may hear of the end of a statement a little later than its client. InnoDB tells what it knew the time before when
 * anybody asked within a tenth of a second.
 */
async function settled(ask: () => Promise<number>, wanted: number): Promise<void> {
  const until = performance.now() + 10_000
  while ((await ask()) !== wanted && performance.now() < until) await pause(110 + Math.random() * 190)
  expect(await ask()).toBe(wanted)
}
