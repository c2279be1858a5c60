import { belongsTo, f, JsonNull, Model } from '../../src/index.ts'

/** A column of every type but those of keys. */
export const columnsOfEveryType = {
  big: f.bigint(),
  amount: f.decimal(20, 4),
  price: f.decimal(10, 2),
  whole: f.decimal(18, 0),
  day: f.date(),
  at: f.datetime(),
  clock: f.time(),
  list: f.json<unknown>(),
  nothing: f.json<unknown>(),
  yes: f.bool(),
  no: f.bool(),
  kind: f.enum(['one', 'two words', "quote's"]),
  key: f.uuid(),
  data: f.bytes(),
  empty: f.string(),
  text: f.text(),
  ratio: f.float(),
  count: f.int(),
  missing: f.datetime().nullable(),
}

export class Everything extends Model('everything', { id: f.id(), ...columnsOfEveryType }) {}

export class Holder extends Model('holders', { id: f.id(), value: belongsTo(() => Everything) }) {}

export const everything = {
  big: 9007199254740993n,
  amount: '1234567890123456.1234',
  price: '-0.05',
  whole: '999999999999999999',
  day: '2024-03-10',
  at: new Date('2024-03-10T02:30:00.123Z'),
  clock: '23:59:59',
  list: [1, { a: null }, 'ü"\\'],
  nothing: JsonNull,
  yes: true,
  no: false,
  kind: "quote's" as const,
  key: '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b',
  data: Uint8Array.from({ length: 256 }, (_, index) => index),
  empty: '',
  text: 'naïve 😀 \u{1f468}\u{200d}\u{1f469} \'quotes\' "double" \\ back %_',
  ratio: 0.1,
  count: 9007199254740991,
  missing: null,
}
