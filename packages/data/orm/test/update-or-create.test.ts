import { type Database, errors as db } from '@covet/db'
import { describe, expect, it } from '@jest/globals'
import { errors, f, Model } from '../src/index.ts'
import { onEachEngineAndFile } from './support/engines.ts'

class Visitor extends Model('visitors', {
  id: f.id(),
  email: f.string({ max: 100 }).unique(),
  name: f.string().nullable(),
  visits: f.int().default(0),
  version: f.version(),
}) {}

const email = 'one@x.org'
const many = 12

/** As many calls at once as there may be, each with a name of its own. */
async function namedAtOnce(): Promise<readonly Visitor[]> {
  return Promise.all(Array.from({ length: many }, (_, n) => Visitor.updateOrCreate({ email }, { name: `${n}` })))
}

onEachEngineAndFile('updateOrCreate of rows with a version', (open, dialect, product) => {
  it('writes each of many that come at once, one after the other', async () => {
    await using _ = await open([Visitor])
    const made = await namedAtOnce()
    expect(made.map(({ name }) => name)).toEqual(Array.from({ length: many }, (_, n) => `${n}`))
    expect(new Set(made.map(({ version }) => version))).toEqual(new Set(Array.from({ length: many }, (_, n) => n + 1)))
    const [row, ...others] = await Visitor.query()
    expect(others).toEqual([])
    expect(row).toMatchObject({ version: many, name: made.find(({ version }) => version === many)?.name })
  })

  it('writes each of many that come at once within one transaction', async () => {
    await using at = await open([Visitor])
    const made = await at.db.transaction(namedAtOnce)
    expect(new Set(made.map(({ version }) => version)).size).toBe(many)
    expect(await Visitor.query().first()).toMatchObject({ version: many })
  })

  it('gives up at once what a hook threw, and keeps nothing of it', async () => {
    await using _ = await open([Visitor])
    await Visitor.create({ email, name: 'first' })
    let calls = 0
    const off = Visitor.on('afterUpdate', async () => {
      calls += 1
      throw new errors.StaleObject('Guest')
    })
    try {
      await expect(Visitor.updateOrCreate({ email }, { name: 'never' })).rejects.toThrow('This Guest was changed')
    } finally {
      off()
    }
    expect(calls).toBe(1)
    expect(await Visitor.query()).toMatchObject([{ name: 'first', version: 1 }])
  })

  if (dialect !== 'sqlite') {
    // A rival who writes the row whenever nobody holds it, between the read and the write of each attempt.
    describe('with a rival that writes whenever it can', () => {
      it('holds the row once it was overtaken', async () => {
        await using at = await open([Visitor])
        await Visitor.create({ email })
        const rival = overtaking(at.db)
        try {
          await Visitor.updateOrCreate({ email }, { name: 'mine' })
        } finally {
          rival.stop()
        }
        expect(rival.wins).toBe(1)
        expect(await Visitor.query().first()).toMatchObject({ name: 'mine', visits: 1, version: 3 })
      })

      it('holds it within a transaction too, but for the snapshot of PostgreSQL, whose refusal is told', async () => {
        await using at = await open([Visitor])
        await Visitor.create({ email })
        const rival = overtaking(at.db)
        const inside = at.db.transaction(() => Visitor.updateOrCreate({ email }, { name: 'mine' }), { isolation: 'repeatable read' })
        try {
          if (product === 'PostgreSQL') await expect(inside).rejects.toBeInstanceOf(db.SerializationFailure)
          else await inside
        } finally {
          rival.stop()
        }
        const name = product === 'PostgreSQL' ? null : 'mine'
        expect(await Visitor.query().first()).toMatchObject({ name, visits: 1 })
      })
    })
  }
})

interface Rival {
  readonly wins: number
  stop(): void
}

function overtaking(database: Database): Rival {
  let wins = 0
  const write = async (): Promise<void> => {
    const [row] = await Visitor.where('email', email).lock('update', { skipLocked: true })
    if (!row) return
    wins += 1
    row.visits += 1
    await row.save()
  }
  let isWriting = false
  const stop = Visitor.on('beforeUpdate', async () => {
    if (isWriting) return
    isWriting = true
    await database.detached(() => database.transaction(write))
    isWriting = false
  })
  return {
    get wins() {
      return wins
    },
    stop,
  }
}
