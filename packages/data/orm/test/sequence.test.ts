import { type Database, type Statement } from '@covet/db'
import { expect, it } from '@jest/globals'
import { f, Model } from '../src/index.ts'
import { onEachEngine } from './support/engines.ts'

class Loaded extends Model('loaded_rows', { id: f.id(), name: f.text() }) {}

/** Statements with this in their text are held back until `release`. */
function holdBack(db: Database, part: string): { readonly reached: Promise<void>; release(): void } {
  const execute = db.executeNow.bind(db)
  const reached = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  db.executeNow = (async (statement: Statement, options) => {
    if (statement.text.includes(part)) {
      reached.resolve()
      await released.promise
    }
    return execute(statement, options)
  }) as Database['executeNow']
  return { reached: reached.promise, release: () => released.resolve() }
}

onEachEngine('two loaders that bring their keys themselves', (open, dialect) => {
  if (dialect === 'postgres') {
    it('never move the sequence back, whoever is first (trap 26)', async () => {
      await using space = await open([Loaded])
      const { executeNow } = space.db
      const held = holdBack(space.db, 'setval')
      const low = Loaded.createMany([{ id: 10_000, name: 'low' }])
      await held.reached
      space.db.executeNow = executeNow
      await Loaded.createMany([{ id: 20_000, name: 'high' }])
      held.release()
      await low
      const after = await Loaded.createMany(Array.from({ length: 3 }, (_, index) => ({ name: `next ${index}` })))
      expect(after.map(({ id }) => id)).toEqual([20_001, 20_002, 20_003])
    })
  }

  it('leave the next key beyond both (trap 26)', async () => {
    await using space = await open([Loaded])
    void space
    const load = (from: number): Promise<unknown> =>
      Loaded.createMany(Array.from({ length: 50 }, (_, index) => ({ id: from - index, name: 'loaded' })))
    await Promise.all([10_000, 20_000, 15_000, 5_000, 20_500].map(load))
    expect((await Loaded.create({ name: 'next' })).id).toBeGreaterThan(20_500)
  })

  it('are followed by rows of all kinds: one, several of which some have no key, and an upsert (trap 26)', async () => {
    await using space = await open([Loaded])
    await Loaded.create({ id: 100, name: 'one' })
    expect((await Loaded.create({ name: 'next' })).id).toBeGreaterThan(100)
    await Loaded.createMany([{ name: 'none' }, { id: 300, name: 'own' }, { id: 200, name: 'own' }])
    expect((await Loaded.create({ name: 'next' })).id).toBeGreaterThan(300)
    await Loaded.upsert(
      [
        { id: 500, name: 'own' },
        { id: 100, name: 'again' },
      ],
      { on: ['id'] },
    )
    expect((await Loaded.create({ name: 'next' })).id).toBeGreaterThan(500)
    space.clear()
    await Loaded.createMany([{ name: 'none' }, { name: 'neither' }])
    await Loaded.create({ name: 'nor' })
    expect(space.statements.filter((text) => text.includes('nextval'))).toEqual([])
  })
})
