import { createDb, type Database } from '@covet/db'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { describeWith } from '@covet-workspace/tooling/services/jest'
import { postgres } from '../src/index.ts'
import { keepRows, keepsRows, type RowParser } from '../src/wire/row-parser.ts'
import type { Open } from './support/databases.ts'

/** The texts of rows that came as bytes. */
function texts(chunks: readonly Buffer[]): (string | null)[][] {
  const rows: (string | null)[][] = []
  for (const chunk of chunks) {
    let at = 0
    while (at < chunk.length) {
      expect(chunk[at]).toBe(0x44)
      const end = at + 1 + chunk.readInt32BE(at + 1)
      const row: (string | null)[] = []
      for (at += 7; at < end;) {
        const length = chunk.readInt32BE(at)
        row.push(length < 0 ? null : chunk.toString('utf8', at + 4, at + 4 + length))
        at += 4 + Math.max(length, 0)
      }
      rows.push(row)
    }
  }
  return rows
}

describeWith('postgres', 'rows as bytes', (open: Open) => {
  let db: Database
  beforeAll(async () => {
    db = createDb(postgres({ url: (await open()).url, pool: { max: 1 } }))
  })
  afterAll(() => db.close())

  const both = async (text: string, params: readonly unknown[] = []): Promise<[unknown[], (string | null)[][]]> => {
    const asText = await db.execute<unknown[]>({ text, params, rowMode: 'text' })
    const asBytes = await db.execute<Buffer>({ text, params, rowMode: 'bytes' })
    return [asText.rows, texts(asBytes.rows)]
  }

  it('are what the text mode reads, NULL and bytes beyond ASCII included', async () => {
    const [asText, asBytes] = await both(`select n, null::text, 'é😀' || n, '' from generate_series(1, $1::int) as t (n)`, [3])
    expect(asBytes).toEqual(asText)
    expect(asBytes[2]).toEqual(['3', null, 'é😀3', ''])
  })

  it('stay as they are while the rest of the answer comes, however it is cut', async () => {
    const [asText, asBytes] = await both(
      `select n, repeat(chr(65 + n % 26), case n % 50 when 0 then 70000 else n % 300 end) from generate_series(1, 2000) as t (n)`,
    )
    expect(asBytes).toEqual(asText)
  })

  it('hold a row that is longer than everything the network brings at once', async () => {
    const { rows } = await db.execute<Buffer>({ text: `select repeat('x', 5000000)`, params: [], rowMode: 'bytes' })
    expect(rows).toHaveLength(1)
    expect(texts(rows)[0]?.[0]).toHaveLength(5_000_000)
  })

  it('are none where there is nothing, and end with the statement', async () => {
    expect(await both('select 1 where false')).toEqual([[], []])
    const error = await db
      .execute({ text: 'select 1 / n from generate_series(5, 0, -1) as t (n)', params: [], rowMode: 'bytes' })
      .catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'db/query-failed' })
    expect((await db.execute({ text: 'select 1 as one', params: [] })).rows).toEqual([{ one: 1 }])
    await db.script('select 2')
    expect(await both('select 3')).toEqual([[['3']], [['3']]])
  })

  it('come page by page from a stream', async () => {
    const chunks: Buffer[] = []
    for await (const chunk of db.stream<Buffer>({ text: 'select n from generate_series(1, 1000) as t (n)', params: [], rowMode: 'bytes' }))
      chunks.push(chunk)
    expect(texts(chunks).map(([n]) => Number(n))).toEqual(Array.from({ length: 1_000 }, (_, index) => index + 1))
    expect(chunks.length).toBeGreaterThanOrEqual(4)
  })
})

describe("pg's parser", () => {
  it('is the one that rows are kept from', () => {
    const wire = { attachListeners: undefined as unknown }
    keepRows(wire as Parameters<typeof keepRows>[0])
    expect(wire.attachListeners).toEqual(expect.any(Function))
  })

  it.each<[string, () => RowParser]>([
    ['tells nothing', () => ({ parse: () => undefined })],
    [
      'fails',
      () => ({
        parse: () => {
          throw new TypeError('no such field')
        },
      }),
    ],
    ['tells the rows too', () => ({ parse: (_, tell) => tell({ name: 'dataRow' }) })],
  ])('is another one when it %s', (_, make) => {
    expect(keepsRows(make)).toBe(false)
  })

  it('is warned of once, and left as it is', async () => {
    const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    jest.resetModules()
    jest.unstable_mockModule('pg-protocol/dist/parser.js', () => ({ Parser: class {} }))
    const other = await import('../src/wire/row-parser.ts')
    const attachListeners = (): void => undefined
    const wire = { attachListeners, rowSink: undefined, emit: () => true }
    for (const _ of [1, 2]) other.keepRows(wire as unknown as Parameters<typeof keepRows>[0])
    expect(wire.attachListeners).toBe(attachListeners)
    expect(emitWarning.mock.calls).toEqual([
      [expect.stringContaining('another parser'), { type: 'CovetDatabaseWarning', code: 'postgres/parser' }],
    ])
    emitWarning.mockRestore()
  })
})
