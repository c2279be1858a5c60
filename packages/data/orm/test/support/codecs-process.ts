import assert from 'node:assert/strict'
import { createDb } from '@covet/db'
import { mysql } from '@covet/mysql'
import { postgres } from '@covet/postgres'
import { sqlite } from '@covet/sqlite'
import { bind } from '../../src/index.ts'
import { createTables } from '../../src/testing.ts'
import { Everything, everything, Holder } from './all-types.ts'

/** Writes and reads every type, in the time zone of the process: `node codecs-process.ts <dialect> <url>`. */
const [, , dialect = '', url = ''] = process.argv
const connections = { sqlite: () => sqlite({ file: ':memory:' }), postgres: () => postgres({ url }), mysql: () => mysql({ url }) }
const db = createDb(connections[dialect as keyof typeof connections]())
const models = [Everything, Holder]
await createTables(db, models)
bind(models, db)

assert.equal(new Date().getTimezoneOffset() === 0, false)
const made = await Everything.create(everything)
const [bulk] = await Everything.createMany([everything])
const [upserted] = await Everything.upsert([{ id: 50, ...everything }], { on: ['id'] })
const holder = await Holder.create({ valueId: made.id })
for (const { id } of [made, bulk!, upserted!]) check(await Everything.findOrFail(id), 'read')
for (const instance of [made, bulk!, upserted!]) check(instance, 'created')
check((await Holder.query().with('value').firstOrFail()).value, 'loaded')
const columns = Object.keys(everything) as (keyof typeof everything)[]
const [joined] = await Holder.query().select((c) => Object.fromEntries(columns.map((name) => [name, c.value[name]])))
// In plain rows JSON's null is null.
check(joined!, 'joined', { ...everything, nothing: null })
const [listed] = await Holder.with({ value: (query) => query.orderBy('id') }).eager('json')
check(listed!.value, 'as JSON')
assert.deepEqual(listed!.value.changes(), {})
check((await Everything.query().where('id', 'in', [made.id]))[0]!, 'listed')

const compared = [
  'big',
  'amount',
  'price',
  'whole',
  'day',
  'at',
  'clock',
  'list',
  'nothing',
  'yes',
  'no',
  'kind',
  'key',
  'data',
  'empty',
  'text',
  'ratio',
  'count',
] as const
for (const name of compared) {
  const value = everything[name] as never
  assert.equal(await Everything.where(name, value).count(), 3, `equal ${name}`)
  assert.equal(await Holder.where(`value.${name}`, value).count(), 1, `equal value.${name}`)
}
for (const name of ['big', 'amount', 'day', 'at', 'clock', 'key', 'kind', 'text', 'count'] as const) {
  assert.equal(await Everything.where(name, 'in', [everything[name]] as never).count(), 3, `in ${name}`)
}
// A save of what was read writes nothing.
const read = await Everything.findOrFail(made.id)
assert.deepEqual(read.changes(), {})
const others = {
  ...everything,
  big: -1n,
  amount: '0.0001',
  at: new Date('2024-11-03T06:30:00.001Z'),
  nothing: { a: 1 },
  data: new Uint8Array([0]),
  clock: '00:00:00.5',
}
read.fill(others)
await read.save()
check(await Everything.findOrFail(made.id), 'saved', others)
assert.equal(await Everything.where('id', made.id).update({ ...everything }), 1)
check(await Everything.findOrFail(made.id), 'updated')
assert.ok(holder.id > 0)
await db.close()

function check(instance: object, what: string, expected: object = everything): void {
  for (const [name, value] of Object.entries(expected)) {
    const found = (instance as Record<string, unknown>)[name]
    assert.deepEqual(found, value, `${what}: ${name}`)
  }
}
