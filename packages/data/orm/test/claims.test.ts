import type { Database } from '@covet/db'
import { expect, it } from '@jest/globals'
import { belongsTo, f, hasMany, Model } from '../src/index.ts'
import { onEachEngineAndFile } from './support/engines.ts'

class Team extends Model('claim_teams', { id: f.id(), active: f.bool(), jobs: hasMany(() => Job) }) {}

class Job extends Model('claim_jobs', {
  id: f.id(),
  state: f.string({ max: 20 }),
  owner: f.string({ max: 20 }).nullable(),
  team: belongsTo(() => Team),
  deletedAt: f.deletedAt(),
}) {}

const models = [Team, Job]

async function fill(count: number): Promise<void> {
  const team = await Team.create({ active: true })
  await Job.createMany(Array.from({ length: count }, () => ({ state: 'new', teamId: team.id })))
}

/** Whether a statement of somebody else waits for a lock in this database. */
const waiting: Readonly<Record<string, (watcher: Database) => Promise<boolean>>> = {
  async postgres({ sql }) {
    return (await sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`).length > 0
  },
  // The table innodb_trx keeps telling what it knew while anybody, also of another database, asks it ten times a second.
  async mysql({ sql }) {
    const own = await sql<{ id: number }>`select id from information_schema.processlist where db = database()`
    const [row] = await sql<{ Status: string }>`show engine innodb status`
    const waits = [...(row?.Status ?? '').matchAll(/^LOCK WAIT .*\n.* thread id (\d+)/gm)].map(([, thread]) => Number(thread))
    return own.some(({ id }) => waits.includes(Number(id)))
  },
}

async function untilOneWaits(db: Database): Promise<void> {
  while (!(await waiting[db.dialect]!(db))) await new Promise((resolve) => setTimeout(resolve, 20))
}

/** The same write of two at once; where there are row locks the second one waits for the first. @returns what each of them changed */
async function race(db: Database, write: () => Promise<number>): Promise<readonly number[]> {
  if (db.dialect === 'sqlite') return Promise.all([write(), write()])
  let second: Promise<number> | undefined
  const first = await db.transaction(async () => {
    const changed = await write()
    second = db.detached(write)
    await db.detached(() => untilOneWaits(db))
    return changed
  })
  return [first, await second!]
}

onEachEngineAndFile('two writes of the same rows at once', (open) => {
  it('claim a row once, by a limit', async () => {
    await using space = await open(models)
    await fill(1)
    let claims = 0
    const claim = (): Promise<number> =>
      Job.where('state', 'new')
        .orderBy('id')
        .limit(1)
        .update({ state: 'taken', owner: `claim ${(claims += 1)}` })
    expect(await race(space.db, claim)).toEqual([1, 0])
    expect((await Job.query()).map(({ owner }) => owner)).toEqual(['claim 1'])
  })

  it('claim a row once, by a condition on a relation beside its own', async () => {
    await using space = await open(models)
    await fill(3)
    const claim = (): Promise<number> => Job.where('team.active', true).where('state', 'new').update({ state: 'taken' })
    expect(await race(space.db, claim)).toEqual([3, 0])
  })

  it('claim a row once, out of combined queries', async () => {
    await using space = await open(models)
    await fill(1)
    const claim = (): Promise<number> =>
      Job.where('state', 'new').union(Job.where('state', 'old')).orderBy('id').limit(1).update({ state: 'taken' })
    expect(await race(space.db, claim)).toEqual([1, 0])
  })

  it('delete, restore and force the deletion of a row once', async () => {
    await using space = await open(models)
    await fill(1)
    expect(await race(space.db, () => Job.where('state', 'new').orderBy('id').limit(1).delete())).toEqual([1, 0])
    expect(await race(space.db, () => Job.where('state', 'new').orderBy('id').limit(1).restore())).toEqual([1, 0])
    expect(await race(space.db, () => Job.where('state', 'new').orderBy('id').limit(1).forceDelete())).toEqual([1, 0])
  })

  it('leave a row alone that changed out of the condition of a deletion', async () => {
    await using space = await open(models)
    await fill(1)
    const writes = [
      () => Job.where('state', 'new').update({ state: 'kept' }),
      () => Job.where('state', 'new').orderBy('id').limit(1).forceDelete(),
    ]
    let next = 0
    expect(await race(space.db, () => writes[next++]!())).toEqual([1, 0])
    expect(await Job.query().count()).toBe(1)
  })

  it('of combined queries mean the same rows as reading them', async () => {
    await using space = await open(models)
    void space
    await fill(4)
    await Job.where('id', 'in', [1, 2]).update({ owner: 'a' })
    await Job.where('id', 'in', [2, 3]).update({ state: 'old' })
    const [owned, old] = [Job.where('owner', 'a'), Job.where('state', 'old').where('team.active', true)]
    const combined = [owned.union(old), owned.intersect(old), owned.except(old), old.except(owned), owned.union(old).intersect(old)]
    const all = [...combined, combined[0]!.where('id', '<', 3), owned.shared().where('state', 'old')]
    const changed: number[] = []
    for (const query of all) changed.push(await query.unfiltered().update((c) => ({ owner: c.owner })))
    expect(changed).toEqual(await Promise.all(all.map((query) => query.count())))
    expect(changed).toEqual([3, 1, 1, 1, 2, 2, 1])
  })
})
