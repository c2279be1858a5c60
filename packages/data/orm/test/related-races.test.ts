import { setTimeout as pause } from 'node:timers/promises'
import { errors } from '@covet/db'
import { expect, it } from '@jest/globals'
import { fillModels, Group, models, Post, Tag, User } from './loading/models.ts'
import { onEachEngineAndFile } from './support/engines.ts'

/** Far longer than what does not wait takes: it ends the test of what does. */
const patience = 20_000

onEachEngineAndFile('related() of many to many, at the same time', (open, dialect) => {
  it('ends as one of two sets that race, never as both or neither (ORM-13, Q11)', async () => {
    await using _ = await open(models)
    const { ann } = await fillModels()
    const [first, second] = (await Group.createMany([{ name: 'g1' }, { name: 'g2' }])) as [Group, Group]
    const [red, blue] = (await Tag.createMany([{ name: 'red' }, { name: 'blue' }])) as [Tag, Tag]
    const [groups, tags] = [ann.related('groups'), ann.related('tags')]
    for (let round = 0; round < 25; round += 1) {
      await Promise.all([groups.set([]), tags.set([])])
      await Promise.all([groups.set([first]), groups.set([second]), tags.set([red]), tags.set([blue])])
      expect([await groups.count(), await tags.count()]).toEqual([1, 1])
    }
  })

  it('adds and removes what others set, without an error for any of them (ORM-13)', async () => {
    await using _ = await open(models)
    const { ann } = await fillModels()
    const names = Array.from({ length: 6 }, (_name, index) => ({ name: `${index}` }))
    const [allGroups, allTags] = [await Group.createMany(names), await Tag.createMany(names)]
    const [groups, tags] = [ann.related('groups'), ann.related('tags')]
    for (let round = 0; round < 30; round += 1) {
      const some = <T>(all: readonly T[], shift: number): T[] => all.filter((_one, index) => (round + shift + index) % 3 > 0)
      const racing = [0, 1, 2, 3].flatMap((shift) => [
        groups.add(...some(allGroups, shift)),
        groups.set(some(allGroups, shift + 1)),
        tags.add(...some(allTags, shift)),
        tags.set(some(allTags, shift + 1)),
        groups.remove(...some(allGroups, shift)),
        tags.remove(...some(allTags, shift)),
      ])
      await Promise.all(racing)
    }
    const left = [(await groups).map(({ id }) => id), (await tags).map(({ id }) => id)]
    expect(left.map((ids) => new Set(ids).size)).toEqual(left.map(({ length }) => length))
  })

  it('adds in one order, so that nobody waits in a circle (ORM-13)', async () => {
    await using at = await open(models)
    await fillModels()
    const [users, tags] = [
      await User.createMany(Array.from({ length: 20 }, (_user, n) => ({ name: `user ${n}` }))),
      await Tag.createMany(Array.from({ length: 200 }, (_tag, n) => ({ name: `tag ${n}` }))),
    ]
    /** All of them in another order for each `n`. */
    const turned = <T>(all: readonly T[], n: number): T[] => {
      const from = (n * 7) % all.length
      const list = [...all.slice(from), ...all.slice(0, from)]
      return n % 2 === 0 ? list : list.toReversed()
    }
    const again: unknown[] = []
    const stop = at.db.on('retry', ({ error }) => again.push(error))
    // Of one owner, where those who add share the lock of its row.
    for (const user of users) await Promise.all([0, 1, 2, 3].map((n) => user.related('tags').add(...turned(tags, n))))
    expect(await users[0]!.related('tags').count()).toBe(tags.length)
    // Of all of them, from both sides, where the lock of an owner keeps nobody apart.
    for (let round = 0; round < 3; round += 1) {
      const fresh = await Tag.createMany(Array.from({ length: 20 }, (_tag, n) => ({ name: `fresh ${n}` })))
      await Promise.all(
        users.flatMap((user, n) => [user.related('tags').add(...turned(fresh, n)), fresh[n]!.related('users').add(...turned(users, n))]),
      )
      for (const tag of fresh) expect(await tag.related('users').count()).toBe(users.length)
    }
    stop()
    expect(again).toEqual([])
  })

  // A writing transaction of SQLite has the whole database to itself.
  if (dialect === 'sqlite') return

  it('does not wait for rows that open transactions insert for the same owner, nor in a circle with them (ORM-13)', async () => {
    await using at = await open(models)
    const { db } = at
    const { ann } = await fillModels()
    const names = [{ name: 'one' }, { name: 'two' }]
    const [tags, groups] = [await Tag.createMany(names), await Group.createMany(names)]
    const ways = [
      (n: number) => ann.related('tags').add(tags[n]!),
      (n: number) => ann.related('groups').add(groups[n]!),
      (n: number) => ann.related('tags').remove(tags[n]!),
      (n: number) => ann.related('groups').remove(groups[n]!),
      // With it PostgreSQL locks what the row's key does not need; MySQL and MariaDB have no such lock.
      ...(dialect === 'postgres' ? [(n: number) => ann.related('tags').set([tags[n]!])] : []),
    ]
    for (const way of ways) {
      const ended: string[] = []
      const alone = await db.transaction(async () => {
        await Post.create({ title: 'child', authorId: ann.id })
        const detached = db.detached(() => way(0)).then(() => ended.push('alone'))
        await Promise.race([detached, pause(patience, undefined, { ref: false })])
        ended.push('inserted')
        return { detached }
      })
      await alone.detached
      expect(ended).toEqual(['alone', 'inserted'])

      const both = Promise.withResolvers<void>()
      let inserted = 0
      const work = (n: number): Promise<void> =>
        db.transaction(async () => {
          await Post.create({ title: 'child', authorId: ann.id })
          inserted += 1
          if (inserted === 2) both.resolve()
          await both.promise
          await way(n)
        })
      await Promise.all([work(0), work(1)])
    }
    expect([await ann.related('tags').count(), await ann.related('groups').count()]).toEqual([dialect === 'postgres' ? 1 : 0, 0])
    expect(await Post.where('title', 'child').count()).toBe(3 * ways.length)
  })

  it('holds the owner before it writes: set alone, add and remove as far as the engine needs (ORM-13)', async () => {
    await using at = await open(models)
    const { db } = at
    const { ann } = await fillModels()
    const [red, group] = [await Tag.create({ name: 'red' }), await Group.create({ name: 'group' })]
    const other = (work: () => Promise<unknown>): Promise<unknown> =>
      db
        .detached(() => db.transaction(work))
        .then(
          () => 'free',
          (error: unknown) => (error instanceof errors.LockTimeout ? 'held' : error),
        )
    const locks = async (work: () => Promise<void>): Promise<readonly unknown[]> =>
      db.transaction(async () => {
        at.clear()
        await work()
        const first = at.statements.find((text) => /^(select|insert|delete)/.test(text))
        const owner = User.where('id', ann.id)
        return [
          / (?<lock>for .*|lock in .*)$/.exec(first ?? '')?.groups?.lock,
          await other(async () => owner.lock('share', { noWait: true })),
          await other(async () => owner.lock('update', { noWait: true })),
        ]
      })
    const isPostgres = dialect === 'postgres'
    const [relating, replacing] = isPostgres
      ? [
          ['for no key update', 'held', 'held'],
          ['for no key update', 'held', 'held'],
        ]
      : [
          ['lock in share mode', 'free', 'held'],
          ['for update', 'held', 'held'],
        ]
    for (const [name, target] of [
      ['tags', red],
      ['groups', group],
    ] as const) {
      const handle = ann.related(name) as {
        add(one: number): Promise<void>
        remove(one: number): Promise<void>
        set(all: number[]): Promise<void>
      }
      expect(await locks(() => handle.add(target.id))).toEqual(relating)
      expect(await locks(() => handle.set([target.id]))).toEqual(replacing)
      expect(await locks(() => handle.remove(target.id))).toEqual(relating)
      expect(await locks(() => handle.remove(target.id))).toEqual(relating)
      expect(await locks(() => handle.set([]))).toEqual(replacing)
    }
  })
})
