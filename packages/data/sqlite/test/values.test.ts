import { errors, type Statement } from '@covet/db'
import { describe, expect, it } from '@jest/globals'
import { memoryDb, temporaryDb } from './support/databases.ts'

describe('parameters', () => {
  it.each([
    ['text', 'text', 'text'],
    [1, 1, 'integer'],
    [3_000_000_000, 3_000_000_000, 'integer'],
    [-0, 0, 'integer'],
    [1.5, 1.5, 'real'],
    [1e300, 1e300, 'real'],
    [Infinity, Infinity, 'real'],
    [true, 1, 'integer'],
    [false, 0, 'integer'],
    [null, null, 'null'],
    [42n, 42, 'integer'],
    [9_007_199_254_740_993n, 9_007_199_254_740_993n, 'integer'],
    [new Date('2024-03-10T02:30:00.123Z'), '2024-03-10T02:30:00.123Z', 'text'],
    [new Uint8Array([0, 127, 255]), Buffer.from([0, 127, 255]), 'blob'],
    [Buffer.from('text'), Buffer.from('text'), 'blob'],
  ])('trap 8: stores %p as SQLite has it', async (value, stored, type) => {
    await using db = await memoryDb()
    expect(await db.sql`select ${value} as value, typeof(${value}) as type`).toEqual([{ value: stored, type }])
  })

  it.each([
    [undefined, 'Parameter 2 is undefined. Pass null for SQL NULL'],
    [Number.NaN, 'Parameter 2 is NaN'],
    [2n ** 63n, 'Parameter 2 is a bigint beyond 64 bits'],
    [-(2n ** 63n) - 1n, 'Parameter 2 is a bigint beyond 64 bits'],
    [{ $gt: '' }, 'Parameter 2 is an object'],
    [['a'], 'Parameter 2 is an array. Use list()'],
    [new Date('no date'), 'Parameter 2 is an invalid Date'],
    [Symbol('s'), 'Parameter 2 is a symbol'],
    [() => 1, 'Parameter 2 is a function'],
  ])('trap 8: refuses %p before anything is sent', async (value, message) => {
    await using db = await memoryDb()
    const query = db.sql`insert into notes (id, body) values (${1}, ${value})`
    await expect(query).rejects.toThrow(message)
    await expect(query).rejects.toMatchObject({ code: 'db/unbindable-value' })
    expect(await db.sql`select * from notes`).toEqual([])
  })

  it('have to be as many as the placeholders', async () => {
    await using db = await memoryDb()
    await expect(db.execute({ text: 'select ?, ?', params: [1] })).rejects.toBeInstanceOf(errors.QueryFailed)
    await expect(db.execute({ text: 'select 1; select 2', params: [] })).rejects.toThrow('use db.script')
  })

  it('may be more than a call takes arguments', async () => {
    await using db = await memoryDb()
    const params = Array.from({ length: 20_000 }, (_, index) => index)
    const text = `with given (number) as (values ${params.map(() => '(?)').join()}) select count(*), sum(number), typeof(number) from given`
    const { rows } = await db.execute({ text, params, rowMode: 'array' })
    expect(rows).toEqual([[20_000, 199_990_000, 'integer']])
    const placeholders = params.map(() => '(?)').join()
    await db.script('create table numbers (number integer)')
    expect(await db.execute({ text: `insert into numbers values ${placeholders}`, params })).toMatchObject({ changes: 20_000 })
  })
})

describe('values as given', () => {
  it('find their rows by the index, up to 2^53, whatever the engine gets them as', async () => {
    await using db = await memoryDb()
    const keys = [-1, 0, 1, 3_000_000_000, Number.MAX_SAFE_INTEGER]
    await db.script('create table keyed (id integer primary key, pair integer); create index keyed_pair on keyed (pair)')
    for (const key of keys) await db.sql`insert into keyed values (${key}, ${key})`
    const statement = (column: string, key: number) => ({
      text: `select id, typeof(id) from keyed where ${column} = ?`,
      params: [key],
      rowMode: 'array' as const,
      valuesAsGiven: true,
    })
    for (const column of ['id', 'pair']) {
      for (const key of keys) expect((await db.execute(statement(column, key))).rows).toEqual([[key, 'integer']])
      expect((await db.execute(statement(column, 7))).rows).toEqual([])
      const { text, params } = statement(column, 1)
      const { rows } = await db.execute<{ detail: string }>({ text: `explain query plan ${text}`, params, valuesAsGiven: true })
      expect(rows[0]?.detail).toMatch(/SEARCH keyed USING (INTEGER PRIMARY KEY|COVERING INDEX keyed_pair|INDEX keyed_pair)/)
    }
  })
})

describe('the first row only', () => {
  it('is what a statement that reads answers, exactly or none', async () => {
    await using db = await memoryDb()
    const first = async (text: string): Promise<unknown> => (await db.execute({ text, params: [], rowMode: 'array', firstOnly: true })).rows
    expect(await first('select 1 union all select 2 order by 1')).toEqual([[1]])
    expect(await first('select 9007199254740993 union all select 2 order by 1 desc')).toEqual([[9_007_199_254_740_993n]])
    expect(await first('select 1 where 1 = 0')).toEqual([])
  })

  it('ends no statement that writes', async () => {
    await using db = await memoryDb()
    const text = "insert into notes (id, body) values (1, 'a'), (2, 'b'), (3, 'c') returning id"
    expect(await db.execute({ text, params: [], firstOnly: true })).toEqual({ rows: [{ id: 1 }, { id: 2 }, { id: 3 }], changes: 3 })
    expect(await db.sql`select id from notes`).toHaveLength(3)
  })
})

describe('integers beyond 2^53', () => {
  const big = 9_007_199_254_740_993n

  it('trap 8: are read exactly as bigint, beside numbers that are numbers', async () => {
    await using db = await memoryDb()
    const read = (): Promise<unknown[]> =>
      db.sql`select ${big} as big, ${-big} as negative, 5 as five, 1e300 as real, 'x' as text, null as none`
    const row = { big, negative: -big, five: 5, real: 1e300, text: 'x', none: null }
    expect(await read()).toEqual([row])
    expect(await read()).toEqual([row])
    const { rows } = await db.execute({ text: 'select ?, 5, ?', params: [big, 'x'], rowMode: 'array' })
    expect(rows).toEqual([[big, 5, 'x']])
  })

  it('are looked for in the columns that may hold integers, where the caller knows which', async () => {
    await using db = await memoryDb()
    const read = async (integerColumns: readonly number[]): Promise<unknown> =>
      (await db.execute({ text: `select ${big}, 5, 1e300 union all select 7, 6, 0.5`, params: [], rowMode: 'array', integerColumns })).rows
    expect(await read([1])).toEqual([
      [Number(big), 5, 1e300],
      [7, 6, 0.5],
    ])
    expect(await read([0, 1])).toEqual([
      [big, 5, 1e300],
      [7, 6, 0.5],
    ])
  })

  it('are refused in the columns that the caller reads as numbers, by a stream too', async () => {
    await using db = await memoryDb()
    const statement = (numberColumns: readonly number[]): Statement => ({
      text: `select ${big}, 5, 1e300 union all select 7, 6, 0.5`,
      params: [],
      rowMode: 'array',
      numberColumns,
    })
    const streamed = async (columns: readonly number[]): Promise<unknown[]> => {
      const rows: unknown[] = []
      for await (const row of db.stream(statement(columns))) rows.push(row)
      return rows
    }
    const rows = [
      [big, 5, 1e300],
      [7, 6, 0.5],
    ]
    for (let round = 0; round < 2; round += 1) {
      await expect(db.execute(statement([0, 1]))).rejects.toThrow(errors.UnrepresentableValueError)
      await expect(streamed([1, 0])).rejects.toThrow(errors.UnrepresentableValueError)
      expect((await db.execute(statement([1, 2]))).rows).toEqual(rows)
      expect(await streamed([1, 2])).toEqual(rows)
    }
  })

  it('are read exactly from a stream, and from a statement that writes', async () => {
    await using holder = await temporaryDb()
    const { db } = holder
    expect(await db.sql`insert into notes (id, body) values (${big}, 'A') returning id, 7 as seven`).toEqual([{ id: big, seven: 7 }])
    for await (const row of db.sql.stream`select id, 7 as seven from notes`) expect(row).toEqual({ id: big, seven: 7 })
    expect(await db.sql.run`insert into notes (id, body) values (${big + 2n}, 'B')`).toEqual({ changes: 1, lastInsertId: big + 2n })
  })

  it('do not make a real number of their size anything else', async () => {
    await using db = await memoryDb()
    expect(await db.sql`select ${1e300} as real, 9007199254740992.0 as whole`).toEqual([{ real: 1e300, whole: 2 ** 53 }])
  })
})

describe('rows', () => {
  it('have their columns whatever these are called, and the prototype of an object', async () => {
    await using db = await memoryDb()
    await db.script('create table odd (id integer, "__proto__" blob, big integer)')
    const bytes = new Uint8Array([1, 2])
    const big = 9_007_199_254_740_993n
    const columns = [
      ['id', 1],
      ['__proto__', Buffer.from(bytes)],
      ['big', big],
    ]
    const rows = [
      ...(await db.sql`insert into odd values (1, ${bytes}, ${big}) returning *`),
      ...(await db.sql`select * from odd`),
      await db.sql.first`select id, "__proto__", big from odd`,
    ]
    for await (const row of db.sql.stream`select * from odd`) rows.push(row)
    expect(rows.map((row) => Object.entries(row ?? {}))).toEqual([columns, columns, columns, columns])
    expect(rows.map((row) => Object.getPrototypeOf(Object.getPrototypeOf(row)))).toEqual([null, null, null, null])
    const { rows: arrays } = await db.execute({ text: 'select * from odd', params: [], rowMode: 'array' })
    expect(arrays).toEqual([[1, Buffer.from(bytes), big]])
  })
})

describe('what changed', () => {
  it('has a key only when a row was inserted', async () => {
    await using db = await memoryDb()
    expect(await db.sql.run`insert into notes (body) values ('A')`).toEqual({ changes: 1, lastInsertId: 1 })
    expect(await db.sql.run`insert into notes (body) values ('A') on conflict do nothing`).toEqual({ changes: 0 })
    expect(await db.sql.run`update notes set body = 'B'`).toEqual({ changes: 1 })
    expect(await db.sql.run`delete from notes returning id`).toEqual({ changes: 1 })
    expect(await db.sql.run`create table other (id integer)`).toEqual({ changes: 0 })
  })

  it('has no key of an earlier insert where the table has none or a row was updated', async () => {
    await using db = await memoryDb()
    await db.script(`create table pairs (a text primary key, b text) without rowid; create table "a ""view""" (x);
      create view shown as select body from notes;
      create trigger shown_in instead of insert on shown begin insert into notes (body) values (new.body); end`)
    await db.sql.run`insert into notes (id, body) values (5, 'A')`
    expect(await db.sql.run`insert into notes (id, body) values (5, 'B') on conflict (id) do update set body = 'B'`).toEqual({ changes: 1 })
    expect(await db.sql.run`insert into pairs values ('a', 'b')`).toEqual({ changes: 1 })
    expect(await db.sql.run`insert into main . "PAIRS" values ('b', 'b')`).toEqual({ changes: 1 })
    expect(await db.sql.run`insert into [shown] values ('c')`).not.toHaveProperty('lastInsertId')
    expect(await db.sql.run`replace into "a ""view""" values (1)`).toEqual({ changes: 1, lastInsertId: 1 })
    await db.script(`attach ':memory:' as other; create table other.pairs (a text); create view other.notes as select 1 as body`)
    expect(await db.sql.run`insert into notes (id, body) values (9, 'C')`).toEqual({ changes: 1, lastInsertId: 9 })
    expect(await db.sql.run`insert into pairs values ('c', 'c')`).toEqual({ changes: 1 })
    expect(await db.sql.run`insert into other.pairs values ('c')`).toEqual({ changes: 1, lastInsertId: 1 })
  })
})
