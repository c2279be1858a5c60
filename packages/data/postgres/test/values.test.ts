import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createDb, type Database, errors as dbErrors } from '@covet/db'
import { failure } from '@covet/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { describeWith } from '@covet-workspace/tooling/services/jest'
import { errors, postgres } from '../src/index.ts'
import type { Open } from './support/databases.ts'

describeWith('postgres', 'values', (open: Open) => {
  let url: string
  let db: Database
  beforeAll(async () => {
    url = (await open()).url
    db = createDb(postgres({ url }))
  })
  afterAll(() => db.close())

  const read = async (text: string): Promise<unknown> => (await db.execute<{ value: unknown }>({ text, params: [] })).rows[0]?.value
  const written = async (value: unknown, type: string): Promise<unknown> => {
    const { rows } = await db.execute<{ value: string }>({ text: `select ($1::${type})::text as value`, params: [value] })
    return rows[0]?.value
  }

  describe('as they are read', () => {
    it.each([
      [`true`, true],
      [`false`, false],
      [`null::boolean`, null],
      [`1::int2`, 1],
      [`(-2147483648)::int4`, -2_147_483_648],
      [`9007199254740991`, 9_007_199_254_740_991],
      [`9007199254740993::int8`, 9_007_199_254_740_993n],
      [`(-9223372036854775808)::int8`, -(2n ** 63n)],
      [`4294967295::oid`, 4_294_967_295],
      [`1.5::float4`, 1.5],
      [`'NaN'::float8`, Number.NaN],
      [`'-Infinity'::float8`, -Infinity],
      [`1234567890123456.1234::numeric(20, 4)`, '1234567890123456.1234'],
      [`'text, "quoted"'`, 'text, "quoted"'],
      [`'😀'::varchar`, '😀'],
      [`'\\x00ff'::bytea`, Buffer.from([0, 255])],
      [`''::bytea`, Buffer.alloc(0)],
      [`'{"a":[1,null]}'::json`, { a: [1, null] }],
      [`'null'::jsonb`, null],
      [`'[1,{"a":null}]'::jsonb`, [1, { a: null }]],
      [`'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid`, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
      [`'1 day 2 hours'::interval`, '1 day 02:00:00'],
      [`'12:30:00'::time`, '12:30:00'],
      [`array[1, null, 3]`, [1, null, 3]],
      [
        `array[[1, 2], [3, 4]]`,
        [
          [1, 2],
          [3, 4],
        ],
      ],
      [`array['a,b', 'c"d', '\\', null, 'NULL']`, ['a,b', 'c"d', '\\', null, 'NULL']],
      [`'{}'::int[]`, []],
      [`'[0:1]={5,6}'::int[]`, [5, 6]],
      [`array[true, false]`, [true, false]],
      [`array[9007199254740993]::int8[]`, [9_007_199_254_740_993n]],
      [`array['\\x01'::bytea]`, [Buffer.from([1])]],
      [`array['{"a":1}'::jsonb]`, [{ a: 1 }]],
      [`array['2024-03-10'::date]`, ['2024-03-10']],
    ])('%s is %p', async (expression, value) => {
      expect(await read(`select ${expression} as value`)).toEqual(value)
    })

    it('bytes are the same in the format of old servers', async () => {
      const value = await db.transaction(async () => {
        await db.script(`set local bytea_output = 'escape'`)
        return read(`select '\\x00415cff'::bytea as value`)
      })
      expect(value).toEqual(Buffer.from([0, 65, 92, 255]))
    })

    it('rows are objects, arrays or text, whatever the columns are called', async () => {
      const text = `select 1 as "__proto__", 2 as "constructor", 3 as a, 4 as a, null as b`
      const { rows } = await db.execute({ text, params: [] })
      expect(Object.entries(rows[0] ?? {})).toEqual([
        ['__proto__', 1],
        ['constructor', 2],
        ['a', 4],
        ['b', null],
      ])
      expect((await db.execute({ text, params: [], rowMode: 'array' })).rows).toEqual([[1, 2, 3, 4, null]])
      expect((await db.execute({ text, params: [], rowMode: 'text' })).rows).toEqual([['1', '2', '3', '4', null]])
    })

    it('a value that fails to be read fails its query alone', async () => {
      expect(await failure(db.sql`select 1 as a union all select 2 as a union all select 3`)).toBeUndefined()
      expect(await failure(db.sql`select 'infinity'::timestamptz from generate_series(1, 3)`)).toBeInstanceOf(
        dbErrors.UnrepresentableValueError,
      )
      expect(await read('select 1 as value')).toBe(1)
    })
  })

  describe('trap 9: dates', () => {
    it.each([
      ['America/New_York', 300],
      ['Asia/Tokyo', -540],
    ])('are the same in a process in %s', async (zone, offset) => {
      const probe = fileURLToPath(new URL('support/zone-probe.ts', import.meta.url))
      const { stdout } = await promisify(execFile)(process.execPath, [probe, url], { env: { ...process.env, NODE_OPTIONS: '', TZ: zone } })
      const iso = '2024-03-10T02:30:00.123Z'
      expect(JSON.parse(stdout)).toEqual({
        offset,
        row: { zoned: iso, zoned_text: '2024-03-10 02:30:00.123+00', plain: '2024-03-10 02:30:00.123', day: '2024-03-10', list: [iso] },
      })
    })

    it('are the same in a database whose sessions begin in another zone and style', async () => {
      const { url: own } = await open()
      const name = new URL(own).pathname.slice(1)
      await using before = createDb(postgres({ url: own }))
      await before.script(`
        alter database "${name}" set timezone = 'America/New_York';
        alter database "${name}" set datestyle = 'SQL, DMY'`)
      await using elsewhere = createDb(postgres({ url: own }))
      const moment = new Date('2024-03-10T02:30:00.123Z')
      const found = await elsewhere.sql`
        select '2024-03-10T02:30:00.123Z'::timestamptz::date as day, ${moment}::timestamptz as zoned, ${moment}::timestamptz::text as zoned_text,
          ${moment}::timestamptz::timestamp as plain, ${moment}::timestamptz::time as time, ${[moment]}::timestamptz[] as list`
      expect(found).toEqual([
        {
          day: '2024-03-10',
          zoned: moment,
          zoned_text: '2024-03-10 02:30:00.123+00',
          plain: '2024-03-10 02:30:00.123',
          time: '02:30:00.123',
          list: [moment],
        },
      ])
    })

    it('a timestamp without time zone is its text', async () => {
      expect(await read(`select '2024-03-10 02:30:00.123456'::timestamp as value`)).toBe('2024-03-10 02:30:00.123456')
    })

    it.each([
      ['2024-03-10 02:30:00.123456+00', '2024-03-10T02:30:00.123Z'],
      ['2024-03-10 02:30:00-05', '2024-03-10T07:30:00.000Z'],
      ['0099-12-31 00:00:00+00', '0099-12-31T00:00:00.000Z'],
      ['12345-01-01 00:00:00+00', '+012345-01-01T00:00:00.000Z'],
    ])('timestamptz %s is a Date', async (text, iso) => {
      expect(await read(`select '${text}'::timestamptz as value`)).toEqual(new Date(iso))
    })

    it('a Date is read right in a session that somebody moved to another zone', async () => {
      const dates = await db.transaction(async () => {
        const found: unknown[] = []
        for (const zone of ['Asia/Kolkata', 'America/St_Johns', 'Africa/Monrovia']) {
          await db.script(`set local timezone = '${zone}'`)
          found.push(await read(`select '1960-07-01T12:00:00.5Z'::timestamptz as value`))
        }
        return found
      })
      expect(dates).toEqual(Array(3).fill(new Date('1960-07-01T12:00:00.500Z')))
    })

    it.each([['infinity'], ['-infinity'], ['0044-03-15 00:00:00+00 BC'], ['290000-01-01 00:00:00+00']])(
      '%s is unrepresentable, instead of an invalid Date',
      async (text) => {
        const error = await failure(read(`select '${text}'::timestamptz as value`))
        expect(error).toBeInstanceOf(dbErrors.UnrepresentableValueError)
        expect(error).toMatchObject({ code: 'db/unrepresentable-value', message: expect.not.stringContaining(text) })
      },
    )

    it('a Date goes out as UTC, to a column without time zone too', async () => {
      const date = new Date('2024-03-10T02:30:00.123Z')
      expect(await written(date, 'timestamp')).toBe('2024-03-10 02:30:00.123')
      expect(await written(date, 'timestamptz')).toBe('2024-03-10 02:30:00.123+00')
      expect(await written(new Date('+012345-01-01T00:00:00Z'), 'timestamptz')).toBe('12345-01-01 00:00:00+00')
    })
  })

  describe('as they are written', () => {
    it.each([
      ['text', 'text', 'text'],
      [1, 'integer', '1'],
      [1e300, 'float8', '1e+300'],
      [Number.NaN, 'float8', 'NaN'],
      [-Infinity, 'float8', '-Infinity'],
      [true, 'boolean', 'true'],
      [9_007_199_254_740_993n, 'int8', '9007199254740993'],
      [null, 'integer', null],
      [new Uint8Array([0, 127, 255]), 'bytea', '\\x007fff'],
      [new Uint8Array([9, 1, 2, 9]).subarray(1, 3), 'bytea', '\\x0102'],
      [JSON.stringify([1, { a: null }]), 'jsonb', '[1, {"a": null}]'],
      [[1, null, 3], 'integer[]', '{1,NULL,3}'],
      [
        [
          [1, 2],
          [3, 4],
        ],
        'integer[]',
        '{{1,2},{3,4}}',
      ],
      [['a,b', 'c"d', '\\', '', 'null', '{'], 'text[]', '{"a,b","c\\"d","\\\\","","null","{"}'],
      [[true, false], 'boolean[]', '{t,f}'],
      [[2n ** 62n], 'int8[]', '{4611686018427387904}'],
      [[new Uint8Array([1, 255])], 'bytea[]', '{"\\\\x01ff"}'],
      [[new Date('2024-03-10T02:30:00Z')], 'timestamptz[]', '{"2024-03-10 02:30:00+00"}'],
      [[], 'integer[]', '{}'],
    ])('%p is a %s', async (value, type, text) => {
      expect(await written(value, type)).toBe(text)
    })

    it('every character is itself in an array, beside every other kind of value', async () => {
      const characters = Array.from({ length: 0x3000 }, (_, code) => String.fromCharCode(code + 1))
      const strings = [...characters, '\\n', '\\\\n', '\\u0041', '"\\"', 'a\n"b"\\\t', '\u{1f600}', 'NULL', 'null', '', ' ', '{}', '[]']
      expect(await db.sql`select ${strings}::text[] as list`).toEqual([{ list: strings }])
      expect(await db.sql`select ${[...strings, null]}::text[] as list`).toEqual([{ list: [...strings, null] }])
      // Half of a pair is no character: written alone or in a list, it is the replacement character.
      expect(await db.sql`select ${'\ud83d'} as alone, ${['\ud83d']}::text[] as list`).toEqual([{ alone: '\ufffd', list: ['\ufffd'] }])
      const numbers = [0, -0, 1.5, -1e-7, 1e21, 5e-324, Number.MAX_VALUE, Number.NaN, Infinity, -Infinity]
      expect(await db.sql`select ${numbers}::float8[] as all, ${numbers.slice(0, 7)}::float8[] as finite`).toEqual([
        { all: numbers.map((number) => number + 0), finite: numbers.slice(0, 7).map((number) => number + 0) },
      ])
      expect(await db.sql`select ${[true, null, false]}::bool[] as list`).toEqual([{ list: [true, null, false] }])
    })

    it('an array serves `= any`', async () => {
      const { rows } = await db.execute({ text: 'select id from generate_series(1, 5) as t (id) where id = any($1)', params: [[2, 4]] })
      expect(rows).toEqual([{ id: 2 }, { id: 4 }])
    })

    it.each([
      [undefined, 'Parameter 2 is undefined. Pass null for SQL NULL'],
      [{ $gt: '' }, 'Parameter 2 is an object. Use JSON.stringify()'],
      [new Date('no date'), 'Parameter 2 is an invalid Date'],
      [new Date('-000044-03-15T00:00:00Z'), 'Parameter 2 is a Date before the year 1'],
      [Symbol('s'), 'Parameter 2 is a symbol'],
      [() => 1, 'Parameter 2 is a function'],
      [[1, undefined], 'Parameter 2 is undefined'],
      [[{ a: 1 }], 'Parameter 2 is an object'],
      // oxlint-disable-next-line no-sparse-arrays -- the hole is what is tested
      [[1, , 2], 'Parameter 2 is undefined'],
    ])('%p is refused before anything is sent', async (value, message) => {
      const query = db.sql`select ${1}, ${value}`
      await expect(query).rejects.toThrow(message)
      await expect(query).rejects.toMatchObject({ code: 'db/unbindable-value' })
    })

    it('more parameters than the protocol counts are refused', async () => {
      const query = db.execute({ text: 'select 1', params: Array<number>(65_536).fill(1) })
      await expect(query).rejects.toBeInstanceOf(errors.TooManyParametersError)
    })

    it('SQL-03 a hostile value stays a value in every place a parameter can stand', async () => {
      const hostile = `x'; drop table notes; --"\\ $1 $$ E'`
      expect(await db.sql`select ${hostile} as value, ${[hostile]}::text[] as list`).toEqual([{ value: hostile, list: [hostile] }])
      const json = JSON.stringify({ kid: hostile })
      expect(await db.sql`select ${json}::jsonb ->> ${'kid'} as value`).toEqual([{ value: hostile }])
      expect(await db.sql`select ${json}::jsonb #>> ${['kid', `a'] union select`]} as value`).toEqual([{ value: null }])
    })
  })
})
