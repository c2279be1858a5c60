import { f, Model } from '../../src/index.ts'
import type { ModelClass } from '../../src/meta/model-meta.ts'

/** The same numbers for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

type Random = () => number

function below(random: Random, limit: number): number {
  return Math.floor(random() * limit)
}

function pick<T>(random: Random, values: readonly T[]): T {
  return values[below(random, values.length)] as T
}

const characters = [
  'a',
  'Z',
  '0',
  ' ',
  '"',
  '\\',
  '/',
  '\b',
  '\t',
  '\n',
  '\f',
  '\r',
  '\u0001',
  '\u001f',
  '\u007f',
  'é',
  'ÿ',
  '漢',
  '\u2028',
  '\u2029',
  '\ufffd',
  '😀',
  '<',
  '&',
]

export function randomText(random: Random, most: number): string {
  const plain = random() < 0.5
  return Array.from({ length: below(random, most) }, () => (plain ? pick(random, ['x', 'y', ' ']) : pick(random, characters))).join('')
}

function randomDouble(random: Random): number {
  const bits = new DataView(new ArrayBuffer(8))
  bits.setUint32(0, below(random, 2 ** 32))
  bits.setUint32(4, below(random, 2 ** 32))
  const value = bits.getFloat64(0)
  // MariaDB keeps no subnormal numbers.
  return Number.isFinite(value) && Math.abs(value) > 1e-300 ? value : 0.5
}

const doubles = [
  0,
  0.1,
  -0.5,
  1e21,
  1e-7,
  0.0001,
  0.00001,
  1.2345678901234568e17,
  100,
  -1.5,
  1e15,
  1e16,
  2 ** 53 + 2,
  1.7976931348623157e308,
]
const digits = (random: Random, count: number): string => Array.from({ length: count }, () => below(random, 10)).join('')
const decimal = (random: Random, whole: number, scale: number): string =>
  `${random() < 0.3 ? '-' : ''}${below(random, 10)}${digits(random, below(random, whole))}.${digits(random, scale)}`

function randomJson(random: Random, depth = 0): unknown {
  const kind = below(random, depth > 2 ? 5 : 7)
  if (kind === 0) return randomText(random, 12)
  if (kind === 1) return pick(random, doubles)
  if (kind === 2) return below(random, 1_000)
  if (kind === 3) return random() < 0.5
  if (kind === 4) return depth === 0 ? 'top' : null
  if (kind === 5) return Array.from({ length: below(random, 4) }, () => randomJson(random, depth + 1))
  return Object.fromEntries(
    Array.from({ length: below(random, 4) }, () => [
      pick(random, ['a', 'b c', '2', '10', '__proto__', 'é"', 'constructor']),
      randomJson(random, depth + 1),
    ]),
  )
}

function randomDate(random: Random): Date {
  const edge = pick(random, [
    '2024-02-29T23:59:59.999Z',
    '1000-01-01T00:00:00.000Z',
    '9999-12-31T23:59:59.999Z',
    '2024-03-31T01:30:00.000Z',
    '1970-01-01T00:00:00.001Z',
  ])
  return random() < 0.3 ? new Date(edge) : new Date(Date.UTC(1000, 0, 1) + random() * (Date.UTC(9999, 0, 1) - Date.UTC(1000, 0, 1)))
}

/** A field of each type, and what to store in it. */
const columns: Readonly<Record<string, readonly [make: () => unknown, value: (random: Random) => unknown]>> = {
  int: [() => f.int(), (random) => pick(random, [0, -1, 7, 2 ** 31, -(2 ** 31), 2 ** 53 - 1, -(2 ** 53) + 1, below(random, 1_000_000)])],
  big: [
    () => f.bigint(),
    (random) => pick(random, [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n, BigInt(below(random, 1_000_000))]),
  ],
  double: [() => f.float(), (random) => (random() < 0.5 ? pick(random, doubles) : randomDouble(random))],
  price: [() => f.decimal(12, 3), (random) => decimal(random, 8, 3)],
  exact: [() => f.decimal(30, 5), (random) => decimal(random, 24, 5)],
  flag: [() => f.bool(), (random) => random() < 0.5],
  at: [() => f.datetime(), randomDate],
  day: [() => f.date(), (random) => randomDate(random).toISOString().slice(0, 10)],
  time: [() => f.time(), (random) => pick(random, ['00:00:00', '23:59:59', '12:30:00.5', '01:02:03.125'])],
  data: [() => f.json(), (random) => randomJson(random)],
  uuid: [() => f.uuid(), () => crypto.randomUUID()],
  kind: [() => f.enum(['plain', 'with "quotes"', 'ümlaut']), (random) => pick(random, ['plain', 'with "quotes"', 'ümlaut'])],
  blob: [() => f.bytes(), (random) => Uint8Array.from({ length: below(random, 40) }, () => below(random, 256))],
  name: [() => f.string({ max: 200 }), (random) => randomText(random, 40)],
  text: [() => f.text(), (random) => randomText(random, pick(random, [4, 200, 3_000]))],
}

interface AnyField {
  nullable(): AnyField
  hidden(): AnyField
}

export interface RandomModel {
  readonly model: ModelClass & { createMany(rows: readonly object[]): Promise<object[]>; query(): RandomQuery }
  readonly properties: readonly string[]
  /** Those that JSON may have. */
  readonly visible: readonly string[]
  rows(count: number): object[]
}

/** As much of a query as the tests use of models whose types are not known. */
export interface RandomQuery extends PromiseLike<object[]> {
  orderBy(name: string): RandomQuery
  limit(rows: number): RandomQuery
  only(...names: string[]): RandomQuery
  select(...names: string[]): RandomQuery
  json(): Promise<Uint8Array>
  ndjson(options?: { readonly batch?: number }): AsyncIterable<Uint8Array>
}

/** A model of some columns in some order, each of them null in a fifth of the rows. */
export function randomModel(table: string, seed: number): RandomModel {
  const random = randomOf(seed)
  const all = Object.keys(columns)
  const names = all
    .map((name) => [random(), name] as const)
    .sort(([a], [b]) => a - b)
    .slice(0, 3 + below(random, all.length - 2))
    .map(([, name]) => name)
  const shape: Record<string, unknown> = { id: f.id() }
  const visible = ['id']
  for (const name of names) {
    const [make] = columns[name] as NonNullable<(typeof columns)[string]>
    const field = (make() as AnyField).nullable()
    const isHidden = random() < 0.15
    shape[name] = isHidden ? field.hidden() : field
    if (!isHidden) visible.push(name)
  }
  const base = (Model as unknown as (table: string, shape: object) => new () => object)(table, shape)
  const model = class Random extends base {} as unknown as RandomModel['model']
  const rows = (count: number): object[] =>
    Array.from({ length: count }, () => Object.fromEntries(names.map((name) => [name, random() < 0.2 ? null : columns[name]?.[1](random)])))
  return { model, properties: ['id', ...names], visible, rows }
}
