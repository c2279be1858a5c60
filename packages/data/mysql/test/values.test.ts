import { errors, values } from '@covet/db'
import { failure } from '@covet/testing'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { describeServers, type TemporaryDb, temporaryDb } from './support/servers.ts'

const prepares = ['never', 'auto'] as const
const moment = new Date('2024-03-10T02:30:00.123Z')

/** Often enough that `auto` has prepared it. */
const rounds = [1, 2, 3, 4]

describeServers('parameters', (server) => {
  let shared: TemporaryDb
  beforeAll(async () => {
    shared = await temporaryDb(server)
  })
  afterAll(async () => {
    await shared[Symbol.asyncDispose]()
  })

  it.each([
    ['text', 'text'],
    ['', ''],
    [`'; drop table notes; -- "\\ %_\`?\0\n\r\x1a😀`, `'; drop table notes; -- "\\ %_\`?\0\n\r\x1a😀`],
    [1, 1],
    [-7, -7],
    [-0, 0],
    [3_000_000_000, 3_000_000_000],
    [1.5, 1.5],
    [-2.25e-7, -2.25e-7],
    [1e300, 1e300],
    [0.1, 0.1],
    [true, 1],
    [false, 0],
    [null, null],
    [42n, 42],
    [-9_007_199_254_740_993n, -9_007_199_254_740_993n],
    [18_446_744_073_709_551_615n, 18_446_744_073_709_551_615n],
    [moment, '2024-03-10 02:30:00.123'],
    [new Uint8Array([0, 127, 255]), Buffer.from([0, 127, 255])],
    [new Uint8Array([1, 2, 3, 4]).subarray(1, 3), Buffer.from([2, 3])],
    [Buffer.from('text'), Buffer.from('text')],
  ])('arrive as they are in either protocol (%#)', async (value, read) => {
    for (const _ of rounds) expect(await shared.db.sql`select ${value} as value`).toEqual([{ value: read }])
  })

  it('have the same types in a text and in a prepared statement, so that sums of them do not change', async () => {
    await using holder = await temporaryDb(server)
    const { db } = holder
    const seen: unknown[] = []
    for (const _ of rounds)
      seen.push((await db.sql`select ${5} / 2 as whole, ${2.5} / 2 as half, 1-${-1} as two from notes limit ${3}`).length)
    await db.sql`insert into notes (body) values ('a')`
    for (const _ of rounds) seen.push(await db.sql`select ${5} / 2 as whole, ${2.5} / 2 as half, 1-${-1} as two from notes limit ${3}`)
    const row = [{ whole: '2.5000', half: 1.25, two: 2 }]
    expect(seen).toEqual([0, 0, 0, 0, row, row, row, row])
  })

  it.each([
    [undefined, 'Parameter 2 is undefined. Pass null for SQL NULL'],
    [Number.NaN, 'Parameter 2 is NaN'],
    [Infinity, 'Parameter 2 is Infinity'],
    [2n ** 64n, 'Parameter 2 is a bigint beyond 64 bits'],
    [-(2n ** 63n) - 1n, 'Parameter 2 is a bigint beyond 64 bits'],
    [{ $gt: '' }, 'Parameter 2 is an object'],
    [{ toSqlString: () => '1 or 1' }, 'Parameter 2 is an object'],
    [['a'], 'Parameter 2 is an array. Use list()'],
    [new Date('no date'), 'Parameter 2 is an invalid Date'],
    [new Date('+012024-01-01T00:00:00Z'), 'Parameter 2 is a Date beyond'],
    [Symbol('s'), 'Parameter 2 is a symbol'],
  ])('SQL-01 %p is refused before anything is sent', async (value, message) => {
    const query = shared.db.sql`insert into notes (id, body) values (${1}, ${value})`
    await expect(query).rejects.toThrow(message)
    await expect(query).rejects.toMatchObject({ code: 'db/unbindable-value' })
    expect(await shared.db.sql`select * from notes`).toEqual([])
  })

  it.each(prepares)('SQL-01 never become SQL with prepare: %p', async (prepare) => {
    await using holder = await temporaryDb(server, { prepare })
    const { db } = holder
    const hostile = [
      "' or '1'='1",
      "\\' or 1=1 -- ",
      `\\"; drop table notes; #`,
      '\u00bf\u0027 or 1=1 -- ',
      '/*! or 1=1 */',
      '?',
      '??',
      ':id',
    ]
    for (const body of hostile) await db.sql`insert into notes ${values({ body })}`
    for (const body of hostile)
      for (const _ of rounds) expect(await db.sql`select body from notes where body = ${body}`).toEqual([{ body }])
    expect(
      await db.sql`select '?' as mark, "?" as other, ${'x'} as \`a?b\` -- what?
      /* and ? here */ # ?`,
    ).toEqual([{ mark: '?', other: '?', 'a?b': 'x' }])
  })

  it('SQL-01 come back as they went, whatever is in them and around them', async () => {
    await using holder = await temporaryDb(server, { prepare: 'never' })
    const alphabet = [...`'"\\\`\0\n\r\x1a?;-#/*!%_ a1üß`.split(''), '😀', '--', '/*', '*/', '\u00bf']
    // A generator of its own, so that a failure can be run again.
    let state = 20_261_121
    const chance = (below: number): number => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31
      return state % below
    }
    const hostile = Array.from({ length: 400 }, () => Array.from({ length: chance(12) }, () => alphabet[chance(alphabet.length)]).join(''))
    const text = `select ${hostile.map((_, index) => `? /* ? */ as \`c?${index}\``).join(', ')} -- ?`
    const { rows } = await holder.db.execute<unknown[]>({ text, params: hostile, rowMode: 'array' })
    expect(rows).toEqual([hostile])
  })

  it('have to be as many as the placeholders, and statements one', async () => {
    await using holder = await temporaryDb(server)
    const { db } = holder
    await expect(db.execute({ text: 'select ?, ?', params: [1] })).rejects.toThrow('2 placeholders and was given 1 parameters')
    await expect(db.execute({ text: 'select ?', params: [1, 2] })).rejects.toBeInstanceOf(errors.QueryFailed)
    await expect(db.execute({ text: 'delete from notes; drop table notes', params: [] })).rejects.toThrow(
      'more than one statement, which takes db.script',
    )
    for (const _ of rounds) await failure(db.execute({ text: 'select ? as a; select 2', params: [1] }))
    expect(await db.sql`select * from notes`).toEqual([])
  })
})

describeServers('trap 10 columns', (server) => {
  const table = `create table cells (id bigint unsigned auto_increment primary key, amount decimal(20,4), precise double, at3 datetime(3),
    at6 datetime(6), at0 datetime, stamp timestamp(3) null, day date, span time(3), spans time, born year, bits bit(9), bytes blob, words text,
    flag tinyint(1), small mediumint, big bigint, kind enum('a', 'b'))`
  const cells = {
    amount: '1.5',
    precise: 0.1,
    at3: moment,
    at6: '2024-03-10 02:30:00.123456',
    at0: '2024-03-10 02:30:00',
    stamp: moment,
    day: '2024-02-29',
    span: '-26:00:01.5',
    spans: '01:02:03',
    born: 2024,
    bits: Buffer.from([1, 2]),
    bytes: new Uint8Array([0, 255]),
    words: 'héllo 😀',
    flag: true,
    small: -5,
    big: -9_007_199_254_740_993n,
    kind: 'a',
  }
  const read = {
    ...cells,
    id: 1,
    amount: '1.5000',
    at6: moment,
    at0: new Date('2024-03-10T02:30:00Z'),
    span: '-26:00:01.500',
    bytes: Buffer.from([0, 255]),
    flag: 1,
  }

  it.each(prepares)('are read exactly and in UTC with prepare: %p', async (prepare) => {
    await using holder = await temporaryDb(server, { prepare })
    const { db } = holder
    await db.script(table)
    expect(await db.sql.run`insert into cells ${values(cells)}`).toEqual({ changes: 1, lastInsertId: 1 })
    for (const _ of rounds) expect(await db.sql`select * from cells where id = ${1}`).toEqual([read])
    const { rows } = await db.execute({ text: 'select big, day, at3 from cells', params: [], rowMode: 'array' })
    expect(rows).toEqual([[cells.big, cells.day, moment]])
    const streamed: unknown[] = []
    for await (const row of db.sql.stream`select * from cells`) streamed.push(row)
    expect(streamed).toEqual([read])
    expect(await db.sql`select count(*) as count, sum(id) as sum, max(at3) as latest from cells`).toEqual([
      { count: 1, sum: '1', latest: moment },
    ])
  })

  it('prepare a statement on the server at its third use, and the one with a FLOAT never', async () => {
    await using holder = await temporaryDb(server)
    const { db } = holder
    await db.script('create table floats (f float, d double); insert into floats values (0.1, 0.1), (16777216, 1)')
    const executed = async (): Promise<number> => {
      const [row] = await db.sql<{ Value: string }>`show session status like 'Com_stmt_execute'`
      return Number(row?.Value)
    }
    const before = await executed()
    for (const _ of [...rounds, ...rounds]) await db.sql`select ${1} as one`
    expect((await executed()) - before).toBe(6)
    const answers = new Set<string>()
    for (const _ of rounds) answers.add(JSON.stringify(await db.sql`select f, d from floats where d < ${2}`))
    expect(answers.size).toBe(1)
    expect((await executed()) - before).toBe(6)
    for (const _ of [...rounds, ...rounds]) await db.sql`select d from floats where d < ${2}`
    expect((await executed()) - before).toBe(12)
  })

  it('refuse to give a date that is none', async () => {
    await using holder = await temporaryDb(server)
    const { db } = holder
    await db.script(
      `set sql_mode = ''; create table old (at datetime, day date); insert into old values ('0000-00-00 00:00:00', '2024-00-00')`,
    )
    for (const _ of rounds) {
      const zero = await failure(db.sql`select at from old`)
      expect(zero).toBeInstanceOf(errors.UnrepresentableValueError)
      expect(zero).toMatchObject({ code: 'db/unrepresentable-value', message: expect.stringContaining(`'at'`) })
    }
    expect(await db.sql`select day, cast(at as char) as at from old`).toEqual([{ day: '2024-00-00', at: '0000-00-00 00:00:00' }])
    await expect(db.sql`insert into old (day) values ('2024-00-00')`).rejects.toBeInstanceOf(errors.CheckViolation)
  })

  it('of JSON are text on MariaDB, whose JSON is text, and values on MySQL', async () => {
    await using holder = await temporaryDb(server)
    const { db } = holder
    await db.script('create table documents (body json)')
    await db.sql`insert into documents values (${JSON.stringify({ a: [1, 'b'] })})`
    const expected = server.product === 'MySQL' ? { a: [1, 'b'] } : '{"a":[1,"b"]}'
    for (const _ of rounds) expect(await db.sql`select body from documents where ${1} = 1`).toEqual([{ body: expected }])
  })
})

describeServers('trap 25 what changed', (server) => {
  it('has a key only when one row was inserted, because those of several need not follow each other', async () => {
    await using holder = await temporaryDb(server)
    const { db } = holder
    expect(await db.sql.run`insert into notes (body) values ('A')`).toEqual({ changes: 1, lastInsertId: 1 })
    expect(await db.sql.run`insert into notes (body) values ('B'), ('C')`).toEqual({ changes: 2 })
    expect(await db.sql.run`insert ignore into notes (body) values ('A')`).toEqual({ changes: 0 })
    expect(await db.sql.run`insert into notes (id, body) values (1, 'A') on duplicate key update body = 'A2'`).toEqual({ changes: 2 })
    expect(await db.sql.run`update notes set views = 0`).toEqual({ changes: 3 })
    expect(await db.sql.run`update notes set views = 0 where id = 99`).toEqual({ changes: 0 })
    expect(await db.sql.run`delete from notes where id > 1`).toEqual({ changes: 2 })
    expect(await db.sql.run`create table other (id bigint unsigned auto_increment primary key)`).toEqual({ changes: 0 })
    expect(await db.sql.run`insert into other values (${9_007_199_254_740_993n})`).toEqual({
      changes: 1,
      lastInsertId: 9_007_199_254_740_993n,
    })
    if (server.product === 'MySQL') return
    const { rows, changes } = await db.execute({ text: `insert into notes (body) values ('D'), ('E') returning body`, params: [] })
    expect([rows, changes]).toEqual([[{ body: 'D' }, { body: 'E' }], 2])
  })

  it('comes from a procedure too, beside its first rows', async () => {
    await using holder = await temporaryDb(server)
    const { db } = holder
    await db.script(
      `create procedure both_of_them() begin select 1 as one; select 2 as two; insert into notes (body) values ('A'), ('B'); end`,
    )
    const result = await db.execute({ text: 'call both_of_them()', params: [] })
    expect(result.rows).toEqual([{ one: 1 }])
    expect(await db.sql.run`call both_of_them()`.catch(() => 'taken')).toBe('taken')
  })
})
