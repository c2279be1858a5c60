import { errors, values } from '@covet/db'
import { failure } from '@covet/testing'
import { describe, expect, it } from '@jest/globals'
import { errnoOf, mapError } from '../src/map-error.ts'
import { describeServers, temporaryDb } from './support/servers.ts'

describeServers('violations', (server) => {
  it('name what the server tells of them', async () => {
    await using holder = await temporaryDb(server)
    const { db } = holder
    await db.script(`create table pairs (a int not null, b int not null, c varchar(5), small tinyint, day date,
        kind enum('x', 'y'), constraint pairs_c unique (c), primary key (a, b), constraint small_enough check (small < 100));
      create table children (a int not null, b int not null, constraint children_pair foreign key (a, b) references pairs (a, b))`)
    await db.sql`insert into pairs ${values({ a: 1, b: 2, c: 'x' })}`
    expect(await failure(db.sql`insert into pairs ${values({ a: 1, b: 3, c: 'x' })}`)).toMatchObject({
      constraint: 'pairs_c',
      table: 'pairs',
      columns: ['c'],
    })
    expect(await failure(db.sql`insert into pairs ${values({ a: 1, b: 2, c: 'y' })}`)).toMatchObject({
      constraint: 'PRIMARY',
      table: 'pairs',
      columns: ['a', 'b'],
    })
    const orphan = await failure(db.sql`insert into children values (5, 6)`)
    expect(orphan).toBeInstanceOf(errors.ForeignKeyViolation)
    expect(orphan).toMatchObject({ constraint: 'children_pair', table: 'children', columns: ['a', 'b'] })
    await db.sql`insert into children values (1, 2)`
    expect(await failure(db.sql`delete from pairs`)).toMatchObject({ code: 'db/foreign-key-violation', constraint: 'children_pair' })
    expect(await failure(db.sql`insert into pairs (b) values (1)`)).toMatchObject({ code: 'db/not-null-violation', columns: ['a'] })
    expect(await failure(db.sql`insert into pairs (a, b) values (null, 1)`)).toMatchObject({
      code: 'db/not-null-violation',
      columns: ['a'],
    })
    expect(await failure(db.sql`insert into pairs (a, b, small) values (7, 7, 101)`)).toMatchObject({
      code: 'db/check-violation',
      constraint: 'small_enough',
    })
  })

  it.each([
    ['words', `'${'secret'.repeat(9)}'`],
    ['number', `'secret'`],
    ['number', '300'],
    ['day', `'secret'`],
    ['kind', `'secret'`],
  ])('take what does not fit into column %s for a check, and keep the value out of the message', async (column, value) => {
    await using holder = await temporaryDb(server)
    const { db } = holder
    await db.script(`create table typed (words varchar(5), number tinyint, day date, kind enum('x', 'y'))`)
    const error = await failure(db.execute({ text: `insert into typed (${column}) values (${value})`, params: [] }))
    expect(error).toBeInstanceOf(errors.CheckViolation)
    expect(error).toMatchObject({ columns: [column], message: expect.not.stringContaining('secret') })
  })
})

describeServers('anything else the server refuses', (server) => {
  it('says that a column has a name no row can have, which says nothing against the server', async () => {
    await using holder = await temporaryDb(server, { pool: { max: 1 }, breaker: { failures: 1 } })
    const { db } = holder
    for (const name of ['__proto__', '__defineGetter__']) {
      for (const ask of [
        () => db.execute({ text: `select 1 as ${name}`, params: [] }),
        () => db.execute({ text: `select 1 as ${name}`, params: [], rowMode: 'array' }),
        () => db.stream({ text: `select 1 as ${name}`, params: [] }).next(),
      ]) {
        const error = await failure(ask())
        expect(error).toBeInstanceOf(errors.QueryFailed)
        expect(error).toMatchObject({ statement: `select 1 as ${name}`, message: expect.stringMatching(new RegExp(`${name}.* with AS`)) })
      }
    }
    expect((await db.health())[0]).toMatchObject({ breaker: 'closed' })
    expect(await db.sql`select 1 as constructor`).toEqual([{ constructor: 1 }])
  })

  it('is passed on with names and without values', async () => {
    await using holder = await temporaryDb(server)
    const { db } = holder
    const messageOf = async (text: string): Promise<string> => ((await failure(db.execute({ text, params: [] }))) as Error).message
    expect(await messageOf('select * from nowhere')).toMatch(/Table '\w+\.nowhere' doesn't exist\.$/)
    expect(await messageOf('select nothing from notes')).toContain(`Unknown column 'nothing'`)
    expect(await messageOf(`selec 'secret'`)).toBe(
      'The database refused the statement: its syntax is wrong at line 1, or it holds more than one statement, which takes db.script.',
    )
    expect(await messageOf(`signal sqlstate '45000' set message_text = 'the ''secret'' here'`)).toMatch(/: the '…' here\.$/)
    expect(await messageOf(`insert into notes (body, views) values ('a', 'secret' + 1)`)).not.toContain('secret')
    expect(await messageOf(`select '${'x'.repeat(17_000_000)}'`)).not.toContain('xxx')
    expect(await messageOf(`select extractvalue('<a/>', 'secret[[')`)).not.toContain('secret')
  })

  it('in a read-only transaction is the transaction, on a read-only server the node', async () => {
    await using holder = await temporaryDb(server)
    const { db } = holder
    await expect(db.transaction(() => db.sql`delete from notes`, { readOnly: true })).rejects.toBeInstanceOf(
      errors.ReadOnlyTransactionError,
    )
    await db.transaction(() => db.sql`select * from notes`, { readOnly: true, isolation: 'read committed' })
    await db.sql`delete from notes`
  })
})

describe('mapping', () => {
  const said = (errno: number, message = 'message', rest: object = {}): Error => Object.assign(new Error(message), { errno, ...rest })
  const classOf = (error: unknown): unknown => mapError(error, 'select 1').constructor

  it.each([
    [1213, errors.Deadlock],
    [1614, errors.Deadlock],
    [1020, errors.SerializationFailure],
    [1205, errors.LockTimeout],
    [3572, errors.LockTimeout],
    [1969, errors.StatementTimeout],
    [3024, errors.StatementTimeout],
    [1792, errors.ReadOnlyTransactionError],
    [1836, errors.ReadOnlyNode],
    [1053, errors.ConnectionLost],
    [1927, errors.ConnectionLost],
    [4031, errors.ConnectionLost],
    [1317, errors.QueryFailed],
    [9999, errors.QueryFailed],
  ])('takes error %d of the server for its class', (errno, expected) => {
    expect(classOf(said(errno))).toBe(expected)
  })

  it('tells a read-only server from other options that prevent a statement', () => {
    expect(classOf(said(1290, 'The MariaDB server is running with the --read-only option so it cannot execute this statement'))).toBe(
      errors.ReadOnlyNode,
    )
    expect(classOf(said(1290, 'The MySQL server is running with the --super-read-only option'))).toBe(errors.ReadOnlyNode)
    expect(classOf(said(1290, 'The MariaDB server is running with the --skip-grant-tables option'))).toBe(errors.QueryFailed)
  })

  it.each(['PROTOCOL_CONNECTION_LOST', 'PROTOCOL_UNEXPECTED_PACKET', 'ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT'])(
    'takes %s for a lost connection',
    (code) => {
      expect(classOf(said(-104, 'message', { code }))).toBe(errors.ConnectionLost)
    },
  )

  it('says of a statement that was never sent that it was not', () => {
    expect(mapError(said(0, "Can't add new command when connection is in closed state", { fatal: true }))).toMatchObject({ sent: false })
    expect(mapError(said(0, 'read ECONNRESET', { fatal: true }))).toMatchObject({ sent: true })
  })

  it('finds the names in the messages of both servers', () => {
    expect(mapError(said(1062, `Duplicate entry 'a' for key 'b'-c' for key 'notes.by_body'`))).toMatchObject({
      table: 'notes',
      constraint: 'by_body',
    })
    expect(mapError(said(1062, `Duplicate entry 'a' for key 'notes.by_body'`), 'insert', 'MariaDB')).toMatchObject({
      table: undefined,
      constraint: 'notes.by_body',
    })
    expect(mapError(said(1062, `Duplicate entry ' in table 'a', key 'b' for key 'c'`))).toMatchObject({ table: undefined, constraint: 'c' })
    expect(mapError(said(1762, 'would lead to a duplicate entry in a child table'))).toMatchObject({
      code: 'db/unique-violation',
      columns: [],
    })
    expect(mapError(said(1062, 'Duplicate entry'))).toMatchObject({ constraint: undefined, columns: [] })
    expect(mapError(said(3819, `Check constraint 'small_enough' is violated.`))).toMatchObject({ constraint: 'small_enough' })
    expect(mapError(said(4025, 'CONSTRAINT `notes.views` failed for `app`.`notes`'))).toMatchObject({
      constraint: 'notes.views',
      table: 'notes',
    })
    expect(mapError(said(1452, 'Cannot add or update a child row'))).toMatchObject({ constraint: undefined, columns: [] })
    expect(mapError(said(1292, `Truncated incorrect DOUBLE value: 'secret'`))).toMatchObject({
      code: 'db/query-failed',
      message: "The database refused the statement: Truncated incorrect DOUBLE value: '…'.",
    })
    expect(mapError(said(1292, "Incorrect datetime value: 'x' for column 'at' at row 1"))).toMatchObject({ columns: ['at'] })
  })

  it('passes on what is of the taxonomy already, and wraps whatever else it gets', () => {
    const known = new errors.Deadlock()
    expect(mapError(known)).toBe(known)
    expect(mapError('thrown', 'select 1')).toMatchObject({ code: 'db/query-failed', statement: 'select 1', cause: 'thrown' })
    expect(mapError(null)).toBeInstanceOf(errors.QueryFailed)
    expect(mapError(said(0, '', { code: 'ECONNREFUSED' }))).toBeInstanceOf(errors.ConnectionLost)
    expect([errnoOf(known), errnoOf(undefined), errnoOf(said(1062))]).toEqual([0, 0, 1062])
  })
})
