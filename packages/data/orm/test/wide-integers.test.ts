import { errors } from '@covet/db'
import { expect, it } from '@jest/globals'
import { belongsTo, f, hasMany, keyLoader, Model } from '../src/index.ts'
import { onEachEngine } from './support/engines.ts'

class Meter extends Model('meters', { id: f.id(), name: f.string(), readings: hasMany(() => Reading) }) {}
class Reading extends Model('readings', { id: f.id(), count: f.int(), exact: f.bigint(), meter: belongsTo(() => Meter) }) {}

const beyond = 9_007_199_254_740_993n
const most = Number.MAX_SAFE_INTEGER

async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const read: T[] = []
  for await (const row of rows) read.push(row)
  return read
}

onEachEngine('integers beyond 2^53', (open, dialect, product) => {
  it('are refused wherever a field is a number, and nowhere else (trap 8)', async () => {
    await using at = await open([Meter, Reading])
    const meter = await Meter.create({ name: 'a' })
    const known = await Reading.create({ count: most, exact: beyond, meterId: meter.id })
    const other = await Reading.create({ count: -most, exact: -beyond, meterId: meter.id })
    const reading = async (): Promise<void> => {
      expect((await Reading.query().orderBy('id')).map(({ count, exact }) => [count, exact])).toEqual([
        [most, beyond],
        [-most, -beyond],
      ])
    }
    await reading()
    await at.db.sql`update readings set count = ${beyond} where id = ${known.id}`
    const ways: Readonly<Record<string, () => Promise<unknown>>> = {
      query: async () => Reading.query(),
      annotated: async () => Reading.query().annotate((c) => ({ twice: c.id.add(c.id) })),
      only: async () => Reading.query().only('id', 'count'),
      first: () => Reading.where('id', known.id).first(),
      find: () => Reading.find(known.id),
      findMany: () => Reading.findMany([known.id]),
      keyLoader: () => keyLoader(Reading).load(known.id),
      cached: async () => Reading.query().cache({ ttl: '1s' }),
      stream: () => all(Reading.query().stream()),
      'a stream inside a transaction': () => at.db.transaction(() => all(Reading.query().stream())),
      with: async () => Meter.with('readings'),
      'with a limit': async () => Meter.with({ readings: (q) => q.orderBy('id').limit(1) }),
      load: () => meter.load('readings'),
      related: async () => meter.related('readings'),
      refresh: () => known.refresh(),
      raw: async () => Reading.raw`select * from readings`,
      select: async () => Reading.query().select('count'),
      'the stream of a select': () => all(Reading.query().select('count').stream()),
      aggregate: () => Reading.query().aggregate((c) => ({ largest: c.count.max() })),
      groupBy: async () => Reading.query().groupBy(['count'], (c) => ({ largest: c.count.max() })),
      json: () => Reading.query().json(),
      'json of a select': () => Reading.query().select('count').json(),
      ndjson: () => all(Reading.query().ndjson()),
      upsert: () => Reading.upsert([{ id: known.id, count: 1, exact: beyond, meterId: meter.id }], { on: ['id'], update: ['exact'] }),
      ...(product !== 'MySQL' && { 'eager json': async () => Meter.query().eager('json').with('readings') }),
    }
    for (const [way, read] of Object.entries(ways)) {
      const outcome = await read().catch((error: unknown) => error)
      expect([way, (outcome as { code?: unknown }).code]).toEqual([way, 'db/unrepresentable-value'])
      expect(outcome).toBeInstanceOf(errors.UnrepresentableValueError)
    }
    expect((await Reading.query().select('exact').orderBy('id')).map(({ exact }) => exact)).toEqual([beyond, -beyond])
    expect((await Reading.findOrFail(other.id)).exact).toBe(-beyond)
    expect(await Reading.query().only('id', 'exact').count()).toBe(2)
    await at.db.sql`update readings set count = ${most} where id = ${known.id}`
    await reading()
  })

  it('are refused as the key of a new row (trap 8)', async () => {
    await using at = await open([Meter, Reading])
    const next =
      dialect === 'postgres'
        ? "select setval(pg_get_serial_sequence('meters', 'id'), 9007199254740993)"
        : "insert into meters (id, name) values (9007199254740993, 'a')"
    await at.db.script(next)
    await expect(Meter.create({ name: 'b' })).rejects.toThrow(errors.UnrepresentableValueError)
    await expect(Meter.createMany([{ name: 'c' }, { name: 'd' }])).rejects.toThrow(errors.UnrepresentableValueError)
  })
})
