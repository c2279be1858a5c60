import { collectGarbage } from '@covet-workspace/tooling/heap'
import { errors as databaseErrors } from '@covet/db'
import { eventually } from '@covet/testing'
import { expect, it } from '@jest/globals'
import { AsyncLocalStorage } from 'node:async_hooks'
import { setImmediate as turn } from 'node:timers/promises'
import { belongsTo, f, hasMany, Model, timestamps } from '../src/index.ts'
import { onEachEngine } from './support/engines.ts'
import { openGenerated } from './support/generated.ts'

const shape = {
  id: f.id(),
  owner: f.string({ max: 50 }).unique(),
  balance: f.int().default(0),
  ...timestamps(),
  deletedAt: f.deletedAt(),
  version: f.version(),
}

class PlainPurse extends Model('purses', shape) {}
class Purse extends Model('purses', { ...shape, twice: f.int().generated(), coins: hasMany(() => Coin, { fk: 'purseId' }) }) {}
class Coin extends Model('coins', { id: f.id(), worth: f.int(), purse: belongsTo(() => PlainPurse, { fk: 'purseId' }).nullable() }) {}

const generated = { plain: PlainPurse, model: Purse, column: 'twice bigint generated always as (balance * 2)' } as const
const undone = new Error('undone')

/** Runs work in a transaction, or in a savepoint of one that is kept, and undoes it. */
async function undo(db: { transaction(work: () => Promise<void>): Promise<void> }, work: () => Promise<void>): Promise<void> {
  const outcome = db.transaction(async () => {
    await work()
    throw undone
  })
  await expect(outcome).rejects.toBe(undone)
}

onEachEngine('a transaction that is undone', (open) => {
  it('and run again writes again what instances were given in it', async () => {
    await using at = await openGenerated(open, generated, [Coin])
    const { id } = await Purse.create({ owner: 'ann' })
    const purse = await Purse.findOrFail(id)
    let runs = 0
    await at.db.transaction(
      async () => {
        runs += 1
        purse.balance = 5
        await purse.save()
        if (runs === 1) throw new databaseErrors.Deadlock()
      },
      { retry: 3 },
    )
    expect(runs).toBe(2)
    expect(purse).toMatchObject({ balance: 5, twice: 10, version: 2 })
    expect(await Purse.findOrFail(id)).toMatchObject({ balance: 5, twice: 10, version: 2 })
    expect(purse.isDirty()).toBe(false)
  })

  it('leaves what the user set on an instance, and takes back what the write put there', async () => {
    await using at = await openGenerated(open, generated, [Coin])
    const purse = await Purse.create({ owner: 'ann', balance: 1 })
    const { updatedAt } = purse
    await undo(at.db, async () => {
      purse.balance = 2
      await purse.save()
      purse.balance = 3
      await purse.save()
    })
    expect(purse).toMatchObject({ balance: 3, twice: 2, version: 1, updatedAt })
    expect(purse.changes()).toEqual({ balance: 3 })
    await purse.save()
    expect(await Purse.findOrFail(purse.id)).toMatchObject({ balance: 3, twice: 6, version: 2 })
  })

  it('takes back a savepoint alone, and the whole with what its savepoints had kept', async () => {
    await using at = await openGenerated(open, generated, [Coin])
    const purse = await Purse.create({ owner: 'ann', balance: 1 })
    await undo(at.db, async () => {
      purse.balance = 2
      await purse.save()
      await undo(at.db, async () => {
        purse.balance = 3
        await purse.save()
      })
      expect(purse).toMatchObject({ balance: 3, twice: 4, version: 2 })
      expect(purse.changes()).toEqual({ balance: 3 })
      await at.db.transaction(async () => {
        await purse.save()
      })
      expect(purse).toMatchObject({ twice: 6, version: 3 })
    })
    expect(purse).toMatchObject({ balance: 3, twice: 2, version: 1 })
    expect(purse.changes()).toEqual({ balance: 3 })
    await purse.save()
    expect((await Purse.findOrFail(purse.id)).balance).toBe(3)
  })

  it('leaves a new instance new, whether it was saved or created', async () => {
    await using at = await openGenerated(open, generated, [Coin])
    const saved = new Purse().fill({ owner: 'ann' })
    let created: Purse | undefined
    await undo(at.db, async () => {
      await saved.save()
      created = await Purse.create({ owner: 'bob' })
      created.balance = 4
      await created.save()
    })
    expect(Object.keys(saved)).toEqual(['owner'])
    await saved.save()
    await created!.save()
    expect(created).toMatchObject({ balance: 4, twice: 8, version: 1 })
    expect((await Purse.query().orderBy('id')).map(({ owner, balance }) => [owner, balance])).toEqual([
      ['ann', 0],
      ['bob', 4],
    ])
  })

  it('leaves a new instance with the database it went to, hooks or not', async () => {
    await using one = await open([PlainPurse])
    await using two = await open([PlainPurse])
    for (const hook of [undefined, PlainPurse.on('beforeSave', () => undefined)]) {
      const made: PlainPurse[] = []
      await undo(one.db, async () => {
        made.push(await PlainPurse.using(one.db).create({ owner: `created ${typeof hook}` }))
        made.push(await one.db.run(() => new PlainPurse().fill({ owner: `saved ${typeof hook}` }).save()))
      })
      for (const purse of made) await purse.save()
      hook?.()
    }
    expect(await PlainPurse.using(one.db).query().count()).toBe(4)
    expect(await PlainPurse.using(two.db).query().count()).toBe(0)
  })

  it('takes from a new instance what the caller had left out, whatever became of the values given', async () => {
    await using at = await openGenerated(open, generated, [Coin])
    const values: { owner: string; balance?: number } = { owner: 'ann' }
    let purse: Purse | undefined
    await undo(at.db, async () => {
      const creating = Purse.create(values)
      values.balance = 0
      purse = await creating
    })
    expect(Object.keys(purse!)).toEqual(['owner'])
  })

  it('takes back a soft deletion, a restoration, a refresh and a change of a relation', async () => {
    await using at = await openGenerated(open, generated, [Coin])
    const purse = await Purse.create({ owner: 'ann' })
    const coin = await Coin.create({ worth: 1 })
    await undo(at.db, async () => {
      await purse.related('coins').add(coin)
      await Coin.where('id', coin.id).update({ worth: 2 })
      await coin.refresh()
      await purse.delete()
      expect(purse.deletedAt).not.toBeNull()
    })
    expect(purse).toMatchObject({ deletedAt: null, version: 1 })
    expect(coin).toMatchObject({ worth: 1, purseId: null })
    expect([purse.isDirty(), coin.isDirty()]).toEqual([false, false])
    await purse.delete()
    const { deletedAt } = purse
    await undo(at.db, async () => {
      await purse.restore()
    })
    expect(purse).toMatchObject({ deletedAt, version: 2 })
    await purse.restore()
    expect((await Purse.findOrFail(purse.id)).version).toBe(3)
  })

  it('by a hook that failed leaves nothing on the instance either', async () => {
    await using _ = await openGenerated(open, generated, [Coin])
    const purse = await Purse.create({ owner: 'ann', balance: 1 })
    const { updatedAt } = purse
    const fail = (): never => {
      throw undone
    }
    const failing = [Purse.on('afterSave', fail), Purse.on('afterDelete', fail)]
    const made = new Purse().fill({ owner: 'bob' })
    try {
      await expect(purse.delete()).rejects.toBe(undone)
      expect(purse.deletedAt).toBeNull()
      purse.balance = 2
      await expect(purse.save()).rejects.toBe(undone)
      expect(purse).toMatchObject({ balance: 2, twice: 2, version: 1, updatedAt })
      await expect(made.save()).rejects.toBe(undone)
      expect(made.id).toBeUndefined()
    } finally {
      for (const remove of failing) remove()
    }
    await purse.save()
    await made.save()
    expect(await Purse.findOrFail(purse.id)).toMatchObject({ balance: 2, twice: 4, deletedAt: null })
    expect(await Purse.query().count()).toBe(2)
  })
})

onEachEngine('the instances of a transaction', (open, dialect) => {
  /** Keeps none of them alive itself. */
  async function create(count: number): Promise<readonly WeakRef<Coin>[]> {
    const coins: WeakRef<Coin>[] = []
    for (let worth = 0; worth < count; worth += 1) coins.push(new WeakRef(await Coin.create({ worth })))
    return coins
  }

  /** How many are still there. A weak reference keeps its target until the event loop turns, and one collection need not find all. */
  async function alive(coins: readonly WeakRef<Coin>[]): Promise<number> {
    await turn()
    collectGarbage()
    return coins.filter((coin) => coin.deref() !== undefined).length
  }

  // The same for all engines, and quick on this one.
  if (dialect === 'sqlite') {
    it('are not held by it while it lasts, but for the first few thousand', async () => {
      await using at = await open([Coin, PlainPurse])
      await at.db.transaction(async () => {
        const coins = await create(6_000)
        await eventually(async () => expect(await alive(coins)).toBeLessThan(4_200))
      })
    })

    it('are all taken back, however many, also those of a savepoint that was kept', async () => {
      await using at = await open([Coin, PlainPurse])
      const coins: Coin[] = []
      const make = async (count: number): Promise<void> => {
        for (let worth = 0; worth < count; worth += 1) coins.push(await Coin.create({ worth }))
      }
      await undo(at.db, async () => {
        await make(2_000)
        await at.db.transaction(() => make(3_000))
      })
      expect(coins.filter(({ id, worth }) => id === undefined && worth !== undefined)).toHaveLength(5_000)
    })
  }

  it('are not held after it by what was opened inside, whether it was kept or undone', async () => {
    await using at = await open([Coin, PlainPurse])
    const opened: unknown[] = []
    const coins: WeakRef<Coin>[] = []
    const work = async (): Promise<void> => {
      opened.push(AsyncLocalStorage.snapshot())
      coins.push(...(await create(20)))
      await at.db.transaction(async () => {
        opened.push(AsyncLocalStorage.snapshot())
        coins.push(...(await create(20)))
      })
    }
    await at.db.transaction(work)
    await undo(at.db, work)
    expect(opened).toHaveLength(4)
    await eventually(async () => expect(await alive(coins)).toBeLessThan(5))
  })
})
