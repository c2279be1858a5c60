import { expect, it } from '@jest/globals'
import { errors } from '../src/index.ts'
import { fillModels, models, Post, User } from './loading/models.ts'
import { onEachEngine } from './support/engines.ts'

onEachEngine('stream()', (open, dialect) => {
  it('gives the rows in batches with their relations, a query per relation and batch (Q20)', async () => {
    await using at = await open(models)
    await fillModels()
    at.clear()
    const seen: string[] = []
    for await (const post of Post.query().with('author', 'comments').orderBy('id').stream({ batch: 3 })) seen.push(`${post.author.name} ${post.comments.length}`)
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

    const health = await at.db.health()
    expect(busy(health)).toBe(0)
    if (dialect === 'postgres') {
      const [open] = await at.db.sql<{ cursors: string; idle: string }>`select (select count(*) from pg_cursors) as cursors, (select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in transaction%') as idle`
      expect([Number(open?.cursors), Number(open?.idle)]).toEqual([0, 0])
    }
    await Post.where('authorId', user.id).update({ views: 0 })
  })

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

/** Connections lent now, of all pools of all nodes. */
function busy(health: unknown): number {
  let count = 0
  JSON.stringify(health, (key, value: unknown) => {
    if (key === 'used' || key === 'busy' || key === 'lent') count += Number(value)
    return value
  })
  return count
}
