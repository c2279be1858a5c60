import { describe, expect, it } from '@jest/globals'
import { codecOf } from '../../src/codecs/codec-of.ts'
import type { FieldDefinition, FieldType } from '../../src/fields/definition.ts'
import { type JsonColumn, modelColumns, selectedColumns } from '../../src/json/columns.ts'
import { encodeRows } from '../../src/json/encode.ts'
import { jsonValue } from '../../src/loading/to-json.ts'
import { randomOf, randomText } from './random.ts'
import { dataRow } from './support.ts'

const types: readonly FieldType[] = [
  'id',
  'bigid',
  'uuid',
  'string',
  'text',
  'int',
  'bigint',
  'decimal',
  'float',
  'bool',
  'datetime',
  'date',
  'time',
  'json',
  'enum',
  'bytes',
]

function columnOf(type: FieldType, dialect = 'postgres'): { readonly columns: readonly JsonColumn[]; readonly field: FieldDefinition } {
  const field: FieldDefinition = { type, nullable: true, ...(type === 'decimal' && { precision: 12, scale: 3 }) }
  return { columns: modelColumns([{ property: 'v', column: 'v', index: 0, field }], dialect), field }
}

/** The JSON of one value, or the error it ends with. */
function attempt(work: () => string): string {
  try {
    return work()
  } catch (error) {
    return String(error)
  }
}

function expected(raw: unknown, field: FieldDefinition, dialect: string): string {
  const { guard = (value) => value, decode = guard } = codecOf(field, dialect)
  return attempt(() => JSON.stringify([{ v: jsonValue(decode(raw)) }]))
}

const numbers = [
  '0',
  '-0',
  '7',
  '-7',
  '007',
  '+7',
  '',
  '-',
  '1.5',
  '-1.5',
  '.5',
  '5.',
  '0.5',
  '-0.5',
  '0.05',
  '0.000001',
  '0.0000001',
  '1.50',
  '00.5',
  '1e5',
  '1e+20',
  '1e-07',
  '1.2.3',
]
const large = [
  '999999999999999',
  '1000000000000000',
  '9007199254740991',
  '9007199254740993',
  '-9223372036854775808',
  '123456789012345.5',
  '0.1234567890123456789',
  '5.6843418860808015e-14',
  'NaN',
  'Infinity',
  '-Infinity',
]
const times = [
  '2024-03-10 02:30:00+00',
  '2024-03-10 02:30:00.1+00',
  '2024-03-10 02:30:00.123456+00',
  '2024-03-10 02:30:00.999999+00',
  '2024-02-29 23:59:59.999+00',
  '2023-02-29 00:00:00+00',
  '1900-02-29 00:00:00+00',
  '2000-02-29 00:00:00+00',
  '2024-04-31 00:00:00+00',
  '2024-13-01 00:00:00+00',
  '2024-03-10 24:00:00+00',
  '2024-03-10 02:60:00+00',
  '2024-03-10 02:30:60+00',
  '2024-03-10 02:30:00.12x+00',
  '2024-03-10 02:30:00.+00',
  '2024-03-10T02:30:00+00',
  '2024-03-10 02:30:00+02',
  '2024-03-10 02:30:00+05:30',
  '0044-03-15 00:00:00+00 BC',
  '0001-01-01 00:00:00+00',
  '12024-01-01 00:00:00+00',
  'infinity',
  '-infinity',
  '2024-03-10 02:30:00.123+0x',
  '20x4-03-10 02:30:00.123+00',
]
const others = [
  't',
  'f',
  'true',
  'x',
  '"',
  '\\',
  'a"b',
  '\u0001',
  '\u007f',
  '\u2028',
  'é',
  '😀',
  '{"b": 1, "a": [1.0, 1e2, null], "2": "\\u00e9\\/"}',
  '{',
  'null',
  '\\x00ff',
  '\\x',
  '","id":1',
]

describe("a row of PostgreSQL's protocol", () => {
  it.each(types)('prints whatever text stands in a column of type %s as its decoded value, or fails as that does', (type) => {
    const { columns, field } = columnOf(type)
    const random = randomOf(7)
    const chaos = Array.from({ length: 300 }, () => mutated([...numbers, ...large, ...times, ...others], random))
    for (const text of [...numbers, ...large, ...times, ...others, randomText(random, 2_000), ...chaos]) {
      expect({ text, json: attempt(() => encodeRows([dataRow([text])], columns).toString()) }).toEqual({
        text,
        json: expected(text, field, 'postgres'),
      })
    }
  })

  it('prints NULL and leaves out what is hidden, wherever it stands', () => {
    const field = (type: FieldType, hidden = false): FieldDefinition => ({ type, nullable: true, hidden })
    const columns = modelColumns(
      [field('int', true), field('int'), field('text', true), field('text')].map((each, index) => ({
        property: `"${index}`,
        column: 'c',
        index,
        field: each,
      })),
      'postgres',
    )
    const rows = dataRow(['1', '2', 'x', null])
    expect(encodeRows([Buffer.concat([rows, rows])], columns).toString()).toBe(
      JSON.stringify([
        { '"1': 2, '"3': null },
        { '"1': 2, '"3': null },
      ]),
    )
    expect(encodeRows([], columns).toString()).toBe('[]')
  })

  it('refuses rows of another shape', () => {
    expect(() => encodeRows([dataRow(['1', '2'])], columnOf('int').columns)).toThrow('other columns')
    expect(encodeRows([dataRow(['1'])], columnOf('int').columns).toString()).toBe('[{"v":1}]')
  })

  it('turns bytes that are no UTF-8 into U+FFFD, as a string would', () => {
    const { columns } = columnOf('text')
    const run = Buffer.concat([dataRow(['é']), dataRow([Buffer.from([0x61, 0xff, 0x22, 0xc3])]), dataRow([null])])
    expect(encodeRows([run], columns).toString()).toBe(JSON.stringify([{ v: 'é' }, { v: 'a\ufffd"\ufffd' }, { v: null }]))
  })

  it('may be large, and leaves no large buffer behind', () => {
    const { columns } = columnOf('text')
    const texts = ['x'.repeat(3_000_000), '"\n\u0001'.repeat(50_000), 'é'.repeat(40_000)]
    const json = encodeRows(
      texts.map((text) => dataRow([text])),
      columns,
    )
    expect(json.toString() === JSON.stringify(texts.map((v) => ({ v })))).toBe(true)
    expect(json.buffer.byteLength).toBeLessThan(json.length * 1.3)
    expect(encodeRows([dataRow(['x'])], columns).buffer.byteLength).toBe(11)
  })
})

describe('a row of values', () => {
  const values: readonly unknown[] = [
    ...[
      0,
      -0,
      1,
      -1,
      12,
      123_456_789,
      2 ** 31 - 1,
      2 ** 31,
      -(2 ** 31),
      1.5,
      1e21,
      1e-7,
      5e-324,
      Number.NaN,
      Infinity,
      2 ** 53 - 1,
      2 ** 53,
    ],
    ...[0n, 2n ** 63n - 1n, true, false, new Date('2024-03-10T02:30:00.123Z'), new Date(Number.NaN), Uint8Array.of(0, 255)],
    ...[
      '',
      '7',
      'x',
      '2024-03-10T02:30:00.123Z',
      '2024-02-30T02:30:00.123Z',
      '2024-03-10 02:30:00',
      'İ024-03-10T02:30:00.123Z',
      '+012024-01-01T00:00:00.000Z',
    ],
    ...['a'.repeat(127), 'a'.repeat(129), '\ud800', 'x\udc00"', others.join('')],
    ...['{"a": 1.0}', '[1, 2]'],
  ]

  it.each(['sqlite', 'mysql', 'postgres'])('prints them as their decoded values of every type, with %s', (dialect) => {
    for (const type of types) {
      const { columns, field } = columnOf(type, dialect)
      for (const value of values) {
        // A number is the length of a new array.
        if (type === 'bytes' && typeof value === 'number') continue
        // Where an engine gives nothing of the sort, both fail alike.
        expect({ type, value, json: attempt(() => encodeRows([[value]], columns).toString()) }).toEqual({
          type,
          value,
          json: expected(value, field, dialect),
        })
      }
    }
  })

  it('prints texts of any length, pairs of halves whole', () => {
    const { columns } = columnOf('text', 'sqlite')
    const texts = ['😀'.repeat(40_000), `a${'😀'.repeat(40_000)}`, `a${'😀'.repeat(20_000)}\ud800`, '"é\n'.repeat(30_000)]
    for (const v of texts) expect(encodeRows([[v]], columns).toString() === JSON.stringify([{ v }])).toBe(true)
  })

  it('of a selection has the form of a column of its type', () => {
    const node = { kind: 'number', value: 1 } as const
    const columns = selectedColumns(
      [
        { name: 'sum', node, type: { type: 'int', nullable: true } },
        { name: 'average', node, type: { type: 'decimal', nullable: true } },
      ],
      'sqlite',
    )
    expect(
      encodeRows(
        [
          [5, 2.5],
          [null, null],
        ],
        columns,
      ).toString(),
    ).toBe('[{"sum":5,"average":"2.5"},{"sum":null,"average":null}]')
    expect(() => encodeRows([[2 ** 60, 1]], columns)).toThrow('2^53')
    expect(encodeRows([[1, 1]], columns).toString()).toBe('[{"sum":1,"average":"1"}]')
  })
})

/** A text with a character taken out, put in or doubled. */
function mutated(texts: readonly string[], random: () => number): string {
  const text = texts[Math.floor(random() * texts.length)] ?? ''
  const at = Math.floor(random() * (text.length + 1))
  const added = ['', '0', '9', '"', '-', '.', ' ', 'x'][Math.floor(random() * 8)] ?? ''
  return (text.slice(0, at) + added + text.slice(at + (random() < 0.5 ? 1 : 0))).toWellFormed()
}
