import { expect, it } from '@jest/globals'
import { belongsTo, errors, f, hasMany, keyLoader, manyToMany, Model } from '../src/index.ts'
import { onEachEngine } from './support/engines.ts'

class Folded extends Model('folded', { id: f.id(), name: f.string({ max: 20, ci: true }).unique(), n: f.int() }) {}
class Twofold extends Model(
  'twofold',
  { tenant: f.int(), name: f.string({ max: 20, ci: true }), n: f.int(), parts: hasMany(() => Part) },
  { primary: ['tenant', 'name'] },
) {}
class Part extends Model('parts', {
  id: f.id(),
  whole: belongsTo(() => Twofold, { fk: { tenant: 'tenant', name: 'name' } }),
}) {}
class Town extends Model('towns', {
  name: f.string({ max: 20, ci: true }).primary(),
  streets: hasMany(() => Street),
  fairs: manyToMany(() => Fair),
}) {}
class Street extends Model('streets', { id: f.id(), town: belongsTo(() => Town) }) {}
class Fair extends Model('fairs', { title: f.string({ max: 20, ci: true }).primary() }) {}

const towns = [Town, Street, Fair] as const

/** Which of them are the same, engines tell otherwise: SQLite minds the case of all but ASCII, MariaDB not even the accents. */
const spellings = ['É', 'é', 'E', 'José', 'Jose', 'JOSÉ', 'jose', 'Straße', 'STRASSE', 'I', 'i', 'İ', 'ı', 'a', 'a ', 'ſ', 's', '😀', '😁']

onEachEngine('keys without regard to case', (open) => {
  it('are folded by the engine in an upsert (trap 24)', async () => {
    await using _ = await open([Folded])
    let distinct = 0
    for (const name of spellings) {
      if (await Folded.where('name', name).exists()) continue
      await Folded.create({ name, n: 0 })
      distinct += 1
    }
    const upserted = async (names: readonly string[]): Promise<void> => {
      const rows = await Folded.upsert(
        names.map((name, n) => ({ name, n: n + 1 })),
        { on: ['name'], update: ['n'] },
      )
      for (const [index, name] of names.entries()) {
        expect((await Folded.where('name', name).firstOrFail()).toJSON()).toEqual(rows[index]!.toJSON())
      }
      expect(await Folded.query().count()).toBe(distinct)
    }
    await upserted(spellings.toReversed())
    for (const name of spellings) await upserted([name])
    await Folded.query().unfiltered().delete()
    await upserted(spellings)
    const kept = await Folded.upsert(
      spellings.map((name) => ({ name, n: 99 })),
      { on: ['name'], update: [] },
    )
    expect(kept.some(({ n }) => n === 99)).toBe(false)
  })

  it('are folded by the engine in a composite key of an upsert and of a relation (trap 24)', async () => {
    await using _ = await open([Twofold, Part])
    const rows = await Twofold.upsert(
      [1, 2].flatMap((tenant) => spellings.map((name, n) => ({ tenant, name, n }))),
      { on: ['tenant', 'name'] },
    )
    expect(new Set(rows).size).toBe(await Twofold.query().count())
    await Part.createMany(spellings.map((name) => ({ tenant: 2, name })))
    for (const whole of await Twofold.with('parts')) {
      const own = await Part.where({ tenant: whole.tenant, name: whole.name }).orderBy('id')
      expect(whole.parts.map(({ id }) => id).toSorted((left, right) => left - right)).toEqual(own.map(({ id }) => id))
    }
  })

  it('are told apart by every ASCII character but for the case', async () => {
    await using at = await open([Folded, ...towns])
    const characters = Array.from({ length: 94 }, (_, index) => String.fromCodePoint(33 + index))
    const rows = await Folded.upsert(
      characters.map((name, n) => ({ name, n })),
      { on: ['name'] },
    )
    expect(new Set(rows).size).toBe(94 - 26)
    expect(await Folded.query().count()).toBe(94 - 26)
    // Relations by such keys ask the engine nothing.
    const small = characters.filter((name) => name === name.toLowerCase() && name !== 'I')
    await Town.createMany(small.map((name) => ({ name })))
    await Street.createMany(characters.filter((name) => name !== 'I').map((townId) => ({ townId })))
    at.clear()
    const found = await Town.with('streets')
    expect(at.statements).toHaveLength(2)
    expect(found.every(({ name, streets }) => streets.every(({ townId }) => townId.toLowerCase() === name))).toBe(true)
    expect(found.flatMap(({ streets }) => streets)).toHaveLength(93)
  })

  it('are folded by the engine in an upsert of many rows (trap 24)', async () => {
    await using _ = await open([Folded])
    const rows = (word: string, n: number): { name: string; n: number }[] =>
      Array.from({ length: 2_500 }, (__, index) => ({ name: `${word} ${index}`, n }))
    const first = await Folded.upsert(rows('Zoë', 1), { on: ['name'] })
    const second = await Folded.upsert(rows('ZOë', 2), { on: ['name'] })
    expect(second.map(({ id }) => id)).toEqual(first.map(({ id }) => id))
    expect(await Folded.where('n', 2).count()).toBe(2_500)
  })

  it('find all related rows and no others (trap 24)', async () => {
    await using _ = await open(towns)
    for (const name of spellings) if (!(await Town.where('name', name).exists())) await Town.create({ name })
    await Street.createMany([...spellings, ...spellings.toReversed()].map((townId) => ({ townId })))
    const all = await Town.with({ streets: (query) => query.orderBy('id') })
    for (const { name, streets } of all) {
      expect(streets.map(({ id }) => id)).toEqual((await Street.where('townId', name).orderBy('id')).map(({ id }) => id))
    }
    const limited = await Town.with({ streets: (query) => query.orderBy('id').limit(1) })
    expect(limited.map(({ streets }) => streets[0]?.id)).toEqual(all.map(({ streets }) => streets[0]?.id))
    const streets = await Street.query()
    await streets[0]!.load('town')
    for (const { townId, town } of await Street.with('town')) expect(town.name).toBe((await Town.findOrFail(townId)).name)
    for (const street of streets) expect((street as Street & { town: Town }).town.name).toBe((await Town.findOrFail(street.townId)).name)
  })

  it('find the rows of many keys, each under any spelling (trap 24)', async () => {
    await using _ = await open([Twofold, Part, ...towns])
    for (const name of spellings) if (!(await Town.where('name', name).exists())) await Town.create({ name })
    const found = await Town.findMany(spellings)
    expect(found.map(({ name }) => name)).toEqual(
      await Promise.all(spellings.map(async (name) => (await Town.where('name', name).firstOrFail()).name)),
    )
    await Twofold.create({ tenant: 1, name: 'ann', n: 1 })
    const named = await Twofold.findMany([
      { tenant: 2, name: 'ann' },
      { tenant: 1, name: 'ANN' },
    ])
    expect(named.map(({ tenant, name }) => [tenant, name])).toEqual([[1, 'ann']])
    // It would tell the keys apart itself, and answer that there is none.
    expect(() => keyLoader(Town)).toThrow(errors.InvalidQueryError)
    expect(() => keyLoader(Twofold)).toThrow('Twofold.name is compared without regard to case')
  })

  it('send nothing to set what is related under another spelling (Q11)', async () => {
    await using at = await open(towns)
    const town = await Town.create({ name: 'T' })
    const fairs: Fair[] = []
    for (const title of spellings) if (!(await Fair.where('title', title).exists())) fairs.push(await Fair.create({ title }))
    await town.related('fairs').add(...fairs)
    at.clear()
    await town.related('fairs').set(spellings)
    expect(at.statements.filter((text) => /^(insert|delete)/.test(text))).toEqual([])
    expect(await town.related('fairs').count()).toBe(fairs.length)
  })
})
