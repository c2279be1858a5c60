import { randomBytes } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { createApp } from '@covet/core'
import { createDb, Database } from '@covet/db'
import { sqlite } from '@covet/sqlite'
import {
  belongsTo,
  caseWhen,
  errors,
  f,
  hasMany,
  lag,
  localKeys,
  Model,
  not,
  orm,
  polymorphic,
  raw,
  rowNumber,
  useKeys,
} from '../src/index.ts'
import type { ModelClass } from '../src/meta/model-meta.ts'
import { createTables } from '../src/testing.ts'
import type { Column } from '../src/types/column.ts'
import { onEachEngine } from './support/engines.ts'

class Patient extends Model('patients', {
  id: f.id(),
  name: f.string(),
  ssn: f.string().encrypted(),
  notes: f.json<{ list: number[] }>().encrypted().nullable(),
  born: f.date().nullable().encrypted(),
  seen: f.datetime().nullable().encrypted(),
  balance: f.decimal(20, 4).nullable().encrypted(),
  big: f.bigint().nullable().encrypted(),
  count: f.int().nullable().encrypted(),
  flag: f.bool().nullable().encrypted(),
  scan: f.bytes().nullable().encrypted(),
}) {}

const [first, second] = [randomBytes(32), randomBytes(32).toString('base64')]
const values = {
  name: 'Ann',
  ssn: '123-45-6789 ✓',
  notes: { list: [1, 2] },
  born: '1990-02-03',
  seen: new Date('2026-01-02T03:04:05.678Z'),
  balance: '1234567890123456.1234',
  big: 9007199254740993n,
  count: -5,
  flag: false,
  scan: Uint8Array.from({ length: 256 }, (_, index) => index),
}

onEachEngine('encrypted fields', (open) => {
  it('are unreadable in the table, and themselves on instances', async () => {
    using _keys = keys({ current: 'a', keys: { a: first } })
    await using at = await open([Patient])
    const { id } = await Patient.create(values)
    const patient = await Patient.findOrFail(id)
    expect(patient).toMatchObject(values)
    const [plain] = await Patient.query().select('ssn', 'big', 'balance', 'count')
    expect(plain).toEqual({ ssn: values.ssn, big: values.big, balance: values.balance, count: values.count })
    const [row] = await at.db.sql<Record<string, string>>`select ssn, notes, scan from patients`
    for (const stored of Object.values(row ?? {})) expect(stored).toMatch(/^cv1:a:[\w-]+$/)
    const [again] = await Patient.createMany([values])
    const [other] = await at.db.sql<{ ssn: string }>`select ssn from patients where id = ${again!.id}`
    expect(other?.ssn).not.toBe(row?.['ssn'])
  })

  it('notice changes by their value, and keep null as it is', async () => {
    using _keys = keys({ current: 'a', keys: { a: first } })
    await using at = await open([Patient])
    const patient = await Patient.create({ ...values, notes: null })
    at.clear()
    await patient.save()
    patient.seen = new Date(values.seen)
    await patient.save()
    expect(at.statements).toEqual([])
    patient.ssn = 'other'
    await patient.save()
    expect((await Patient.findOrFail(patient.id)).ssn).toBe('other')
    expect(await Patient.where('notes', null).count()).toBe(1)
    expect(await Patient.where('id', patient.id).update({ ssn: 'third' })).toBe(1)
    expect((await patient.refresh()).ssn).toBe('third')
  })

  it('are read under old keys and written under the current one', async () => {
    await using at = await open([Patient])
    using before = keys({ current: 'a', keys: { a: first } })
    const { id } = await Patient.create(values)
    before[Symbol.dispose]()
    using after = keys({ current: 'b', keys: { a: first, b: second } })
    const patient = await Patient.findOrFail(id)
    expect(patient.ssn).toBe(values.ssn)
    patient.ssn = 'new'
    await patient.save()
    const [row] = await at.db.sql<{ ssn: string }>`select ssn from patients`
    expect(row?.ssn).toMatch(/^cv1:b:/)
    after[Symbol.dispose]()
    using _only = keys({ current: 'b', keys: { b: second } })
    await expect(Patient.find(id)).rejects.toThrow(errors.UnknownKeyError)
  })

  it('cannot be moved to another column, changed, or be there without encryption', async () => {
    using _keys = keys({ current: 'a', keys: { a: first } })
    await using at = await open([Patient])
    const { id } = await Patient.create(values)
    await at.db.sql`update patients set born = ssn`
    await expect(Patient.find(id)).rejects.toThrow(errors.DecryptionFailedError)
    await at.db.sql`update patients set born = null, ssn = ${'123'}`
    await expect(Patient.find(id)).rejects.toThrow(errors.DecryptionFailedError)
    await at.db.sql`update patients set ssn = ${'cv1:a:AAAA'}`
    await expect(Patient.find(id)).rejects.toThrow(errors.DecryptionFailedError)
  })

  it('are refused in conditions and orders, before anything is sent', async () => {
    using _keys = keys({ current: 'a', keys: { a: first } })
    await using at = await open([Patient])
    at.clear()
    expect(() => Patient.where('ssn', values.ssn)).toThrow(errors.EncryptedFieldError)
    expect(() => Patient.where({ ssn: [values.ssn] })).toThrow(errors.EncryptedFieldError)
    expect(() => Patient.where('ssn', 'contains', '1')).toThrow(errors.EncryptedFieldError)
    expect(() => Patient.where('ssn', 'like', '1%')).toThrow(errors.EncryptedFieldError)
    expect(() => Patient.where('count', 'between', [1, 2])).toThrow(errors.EncryptedFieldError)
    expect(() => Patient.query().orderBy('ssn')).toThrow(errors.EncryptedFieldError)
    for (const ordered of [() => Patient.query().orderBy('ssn'), () => Patient.query().orderBy((c) => asText(c.ssn).desc())])
      expect(ordered).toThrow('Patient.ssn in orderBy() is encrypted,')
    expect(() => Patient.where((c) => asText(c.ssn).eq('x'))).toThrow('Patient.ssn in eq() is encrypted,')
    expect(() => Patient.where('ssn', values.ssn)).toThrow('Patient.ssn is encrypted,')
    await expect(Patient.where('id', 1).update((c) => ({ ssn: c.name }))).rejects.toThrow(errors.InvalidValueError)
    expect(at.statements).toEqual([])
  })

  it('are refused wherever the engine would compute with them, on either side and at any depth', async () => {
    using _keys = keys({ current: 'a', keys: { a: first } })
    await using at = await open([Patient])
    at.clear()
    const other = Patient.query().select('ssn')
    const refused: Record<string, () => unknown> = {
      'a call in a condition': () => Patient.where((c) => asText(c.ssn).lower().eq('x')),
      'the right side': () => Patient.where((c) => c.name.eq(c.ssn)),
      'a bound': () => Patient.where((c) => c.name.between('a', c.ssn)),
      'a call that is null': () => Patient.where((c) => asText(c.ssn).lower().isNull()),
      negation: () => Patient.where((c) => not(c.name.eq('x').or(c.name.eq(c.ssn)))),
      'a call in an order': () => Patient.query().orderBy((c) => asText(c.ssn).lower()),
      'a call that is selected': () => Patient.query().select((c) => ({ x: asText(c.ssn).concat('x') })),
      annotate: () => Patient.query().annotate((c) => ({ x: asText(c.ssn).upper() })),
      'groupBy by name': () => Patient.query().groupBy(['ssn'], (c) => ({ all: c.id.count() })),
      'groupBy by expression': () =>
        Patient.query().groupBy(
          (c) => ({ x: asText(c.ssn).lower() }),
          (c) => ({ all: c.id.count() }),
        ),
      having: () =>
        Patient.query()
          .groupBy(['name'], (c) => ({ all: c.id.count() }))
          .having((c) => asText(c.ssn).max().eq('x')),
      'a window': () => Patient.query().annotate((c) => ({ at: rowNumber().over({ partitionBy: c.ssn }) })),
      'what a window looks at': () => Patient.query().annotate((c) => ({ before: lag(asText(c.ssn)).over({ orderBy: c.id }) })),
      'a choice': () => Patient.query().annotate((c) => ({ x: caseWhen(c.id.gt(1), c.ssn).else('none') })),
      'a part of SQL': () => Patient.where((c) => raw<boolean>`${c.ssn} = ${'x'}`.eq(true)),
    }
    for (const [place, build] of Object.entries(refused)) expect([place, thrownBy(build)]).toEqual([place, 'orm/encrypted-field'])
    const rejected: Record<string, () => PromiseLike<unknown>> = {
      aggregate: () => Patient.query().aggregate((c) => ({ x: asText(c.ssn).max() })),
      'distinct count': () => Patient.query().aggregate((c) => ({ x: asText(c.ssn).countDistinct() })),
      'distinct rows': () => other.distinct(),
      'the count of distinct rows': () => other.distinct().count(),
      'distinct before select': () => Patient.query().distinct().select('name', 'ssn'),
      union: () => other.union(other),
      'the stored text as another column': () =>
        Patient.query()
          .select('name')
          .unionAll(Patient.query().select((c) => ({ name: c.ssn }))),
      'the same, the other way round': () =>
        Patient.query()
          .select((c) => ({ name: c.ssn }))
          .unionAll(Patient.query().select((c) => ({ name: c.ssn }))),
      'another column as if it were stored text': () => other.unionAll(Patient.query().select((c) => ({ ssn: c.name }))),
      'a subquery that is compared': () => Patient.where((c) => c.name.in(other)),
      'an update from it': () => Patient.where('id', 1).update((c) => ({ name: c.ssn })),
    }
    for (const [place, run] of Object.entries(rejected)) {
      const outcome = await run().then(
        () => 'accepted',
        (error: { code?: unknown }) => error.code,
      )
      expect([place, outcome]).toEqual([place, 'orm/encrypted-field'])
    }
    expect(at.statements).toEqual([])
  })

  it('can be read by themselves, counted, and asked whether they are there', async () => {
    using _keys = keys({ current: 'a', keys: { a: first } })
    await using _ = await open([Patient])
    await Patient.createMany([values, { ...values, name: 'Bea', notes: null }])
    expect(
      await Patient.query()
        .orderBy('id')
        .select((c) => ({ secret: c.ssn, named: c.name.lower() })),
    ).toEqual([
      { secret: values.ssn, named: 'ann' },
      { secret: values.ssn, named: 'bea' },
    ])
    const [annotated] = await Patient.query()
      .orderBy('id')
      .annotate((c) => ({ again: c.ssn }))
    expect(annotated?.again).toBe(values.ssn)
    expect(await Patient.query().aggregate((c) => ({ all: c.ssn.count(), noted: c.notes.count() }))).toEqual({ all: 2, noted: 1 })
    expect(await Patient.where((c) => c.notes.isNull()).count()).toBe(1)
    expect(await Patient.where((c) => c.notes.isNotNull().and(c.ssn.isNotNull())).count()).toBe(1)
    expect(await Patient.query().distinct().count()).toBe(2)
    expect(await Patient.query().select('ssn').unionAll(Patient.query().select('ssn'))).toHaveLength(4)
  })

  it('say so when there are no keys', async () => {
    await using _ = await open([Patient])
    await expect(Patient.create(values)).rejects.toThrow(errors.MissingKeysError)
  })
})

describe('keys', () => {
  it('must be 32 bytes under a plain name, and the current one must be there', () => {
    expect(() => localKeys({ current: 'a', keys: { a: randomBytes(16) } })).toThrow(errors.InvalidKeyError)
    expect(() => localKeys({ current: 'a b', keys: { 'a b': first } })).toThrow(errors.InvalidKeyError)
    expect(() => localKeys({ current: 'b', keys: { a: first } })).toThrow(errors.UnknownKeyError)
  })

  it('come with the plugin, and go with the application', async () => {
    const app = await createApp({
      plugins: [sqlite({ file: ':memory:' }), orm({ models: [Patient], keys: localKeys({ current: 'a', keys: { a: first } }) })],
      logger: false,
    })
    await createTables(app.services.get(Database), [Patient])
    expect((await Patient.create(values)).ssn).toBe(values.ssn)
    await app.close()
    await using db = createDb(sqlite({ file: ':memory:' }))
    await createTables(db, [Patient])
    await expect(Patient.using(db).create(values)).rejects.toThrow(errors.MissingKeysError)
  })

  it('do not take a field that has to be compared', () => {
    class Wrong extends Model('wrongs', { id: f.id(), code: f.string().unique().encrypted() }) {}
    expect(() => Wrong.where('id', 1)).toThrow(errors.ModelDefinitionError)
  })

  it('do not take a field that a relation is joined by, whichever side declares it', async () => {
    class Ward extends Model('wards', { id: f.id(), visits: hasMany(() => Visit, { fk: 'wardNumber' }) }) {}
    class Visit extends Model('visits', { id: f.id(), wardNumber: f.int().encrypted() }) {}
    class Bed extends Model('beds', { id: f.id(), wardId: f.int().encrypted(), ward: belongsTo(() => Ward, { fk: 'wardId' }) }) {}
    class Remark extends Model('remarks', {
      id: f.id(),
      aboutType: f.enum(['ward', 'bed']).encrypted(),
      about: polymorphic({ ward: () => Ward, bed: () => Bed }),
    }) {}
    const boots: readonly (readonly [readonly ModelClass[], string])[] = [
      [
        [Bed, Ward, Visit],
        "The model Bed cannot be used: the relation ward is joined by Bed.wardId, which is encrypted, so no engine can compare it. Leave .encrypted() out for 'wardId'",
      ],
      [[Ward, Visit], 'The model Ward cannot be used: the relation visits is joined by Visit.wardNumber, which is encrypted'],
      [[Remark], 'The model Remark cannot be used: the relation about is joined by Remark.aboutType, which is encrypted'],
    ]
    for (const [models, problem] of boots) {
      const boot = createApp({ plugins: [sqlite({ file: ':memory:' }), orm({ models })], logger: false })
      await expect(boot).rejects.toThrow(errors.ModelDefinitionError)
      await expect(boot).rejects.toThrow(problem)
    }
    expect(() => Bed.where('ward.id', 1)).toThrow(errors.ModelDefinitionError)
  })
})

function keys(options: Parameters<typeof localKeys>[0]): Disposable {
  const restore = useKeys(localKeys(options))
  let done = false
  return {
    [Symbol.dispose]() {
      if (!done) restore()
      done = true
    },
  }
}

function thrownBy(build: () => unknown): unknown {
  try {
    build()
  } catch (error) {
    return (error as { code?: unknown }).code
  }
  return 'accepted'
}

/** JavaScript has no types that would be in the way. */
function asText(sealed: unknown): Column<string, 'text'> {
  return sealed as Column<string, 'text'>
}
