import { type Database, errors } from '@covet/db'
import { failure } from '@covet/testing'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { describeWith } from '@covet-workspace/tooling/services/jest'
import { errors as own } from '../src/index.ts'
import { mapError } from '../src/map-error.ts'
import { Command } from '../src/wire/exchange.ts'
import { Session } from '../src/wire/session.ts'
import { notesDb, type Open } from './support/databases.ts'

describeWith('postgres', 'errors', (open: Open) => {
  let db: Database
  beforeAll(async () => {
    db = await notesDb(open, { statementTimeout: '10s', lockTimeout: '50ms' })
    await db.script(`
      create extension if not exists btree_gist;
      create table pairs (a integer, "b, ""c"" (d)" text not null, low text, primary key (a, "b, ""c"" (d)"));
      create unique index pairs_lower on pairs (lower(low));
      create table children (id integer primary key, a integer, b text, constraint to_pairs foreign key (a, b) references pairs);
      create table bookings (room integer, during int4range, constraint no_overlap exclude using gist (room with =, during with &&));
      create table deferred (id integer, constraint once unique (id) deferrable initially deferred);
      create domain positive as integer constraint above_zero check (value > 0)`)
  })
  afterAll(() => db.close())

  it('name constraint, table and every column of a violation, and no value', async () => {
    await db.sql`insert into pairs values (1, 'secret)=(x', 'low')`
    const twice = await failure(db.sql`insert into pairs values (1, 'secret)=(x', 'other')`)
    expect(twice).toBeInstanceOf(errors.UniqueViolation)
    expect(twice).toMatchObject({ constraint: 'pairs_pkey', table: 'pairs', columns: ['a', 'b, "c" (d)'], statusCode: 409 })
    expect(String(twice)).not.toContain('secret')
    const expression = await failure(db.sql`insert into pairs values (2, 'b', 'LOW')`)
    expect(expression).toMatchObject({ code: 'db/unique-violation', constraint: 'pairs_lower', columns: [] })
    const foreign = await failure(db.sql`insert into children values (1, 9, 'none')`)
    expect(foreign).toMatchObject({ code: 'db/foreign-key-violation', constraint: 'to_pairs', table: 'children', columns: ['a', 'b'] })
    const missing = await failure(db.sql`insert into pairs values (3, null, null)`)
    expect(missing).toMatchObject({ code: 'db/not-null-violation', table: 'pairs', columns: ['b, "c" (d)'] })
    const check = await failure(db.sql`select ${-1}::positive`)
    expect(check).toMatchObject({ code: 'db/check-violation', constraint: 'above_zero', table: undefined })
  })

  it('of a row that is referred to name the key of the child, in a transaction as far as the server tells', async () => {
    await db.script(`create schema apart; create table parents (id integer primary key, a integer, unique (id, a));
      create table apart.heirs (other integer, "the a" integer, parent integer,
        constraint to_parents foreign key (parent, "the a") references parents (id, a) on update restrict);
      create table later (parent integer, constraint later_parent foreign key (parent) references parents deferrable initially deferred);
      insert into parents values (1, 2), (3, 4); insert into apart.heirs values (9, 2, 1); insert into later values (3)`)
    const told = { code: 'db/foreign-key-violation', constraint: 'to_parents', table: 'heirs', columns: ['parent', 'the a'] }
    for (const text of ['delete from parents where id = 1', 'update parents set a = 3 where id = 1', 'update apart.heirs set parent = 7'])
      for (let time = 0; time < 4; time += 1)
        expect(await failure(db.execute({ text, params: [] }))).toMatchObject({ ...told, statement: text })
    const atCommit = await failure(db.transaction(() => db.sql`delete from parents where id = 3`))
    expect(atCommit).toMatchObject({ constraint: 'later_parent', table: 'later', columns: ['parent'] })
    await db.transaction(async () => {
      const nested = await failure(db.transaction(() => db.sql`delete from parents where id = 1`))
      expect(nested).toMatchObject({ ...told, columns: [] })
      const child = await failure(db.transaction(() => db.sql`insert into children values (5, 9, 'none')`))
      expect(child).toMatchObject({ constraint: 'to_pairs', table: 'children', columns: ['a', 'b'] })
      expect(await db.sql`select 1 as one`).toEqual([{ one: 1 }])
    })
  })

  it('stay as they were when the look for more of their facts fails', async () => {
    await db.script(`create table owners (id integer primary key);
      create table things (owner integer, constraint things_owner foreign key (owner) references owners);
      insert into owners values (1); insert into things values (1)`)
    const { run } = Session.prototype
    let runs = 0
    const spied = jest.spyOn(Session.prototype, 'run').mockImplementation(async function (this: Session, exchange, options) {
      runs += 1
      await run.call(this, runs === 2 ? new Command('select nothing') : exchange, options)
    })
    const error = await failure(db.sql`delete from owners`)
    spied.mockRestore()
    expect(runs).toBe(2)
    expect(error).toMatchObject({ code: 'db/foreign-key-violation', constraint: 'things_owner', table: 'things', columns: [] })
    expect(await db.sql`select id from owners`).toEqual([{ id: 1 }])
  })

  it('of an exclusion constraint are a conflict of their own', async () => {
    await db.sql`insert into bookings values (1, '[1,5)')`
    const error = await failure(db.sql`insert into bookings values (1, '[4,6)')`)
    expect(error).toBeInstanceOf(own.ExclusionViolation)
    expect(error).toBeInstanceOf(errors.ConstraintViolation)
    expect(error).toMatchObject({ constraint: 'no_overlap', table: 'bookings', columns: ['room', 'during'], statusCode: 409 })
  })

  it('of a deferred constraint come with the commit, and nothing is saved', async () => {
    const outcome = db.transaction(() => db.sql`insert into deferred values (1), (1)`)
    await expect(outcome).rejects.toBeInstanceOf(errors.UniqueViolation)
    expect(await db.sql`select * from deferred`).toEqual([])
  })

  it('in a transaction tell a lost one from a statement that only failed', async () => {
    const seen: unknown[] = []
    const outcome = db.transaction(async () => {
      seen.push(await failure(db.sql`select 1 / 0`), await failure(db.sql`select 1`))
    })
    await expect(outcome).rejects.toBeInstanceOf(errors.TransactionAborted)
    expect(seen[0]).toBeInstanceOf(errors.QueryFailed)
    expect(seen[1]).toBeInstanceOf(errors.TransactionAborted)
  })

  it('of a lock that is not released in time', async () => {
    await db.sql`insert into notes values (1, 'a')`
    await db.transaction(async () => {
      await db.sql`select * from notes for update`
      expect(await failure(db.detached(() => db.sql`select * from notes for update`))).toBeInstanceOf(errors.LockTimeout)
      expect(await failure(db.detached(() => db.sql`select * from notes for update nowait`))).toBeInstanceOf(errors.LockTimeout)
    })
  })

  it('keep the values that the server quotes out of their message', async () => {
    for (const text of [
      `select 'secret'::integer`,
      `select 'secret'::boolean`,
      `select 'secret'::timestamptz`,
      `select '{"secret'::json`,
      `select '99999999999999'::integer`,
      `select 'secret'::uuid`,
    ]) {
      const error = await failure(db.execute({ text, params: [] }))
      expect(error).toBeInstanceOf(errors.QueryFailed)
      expect(String(error)).not.toMatch(/secret|9999/)
    }
  })

  it('say what the number of parameters has to be', async () => {
    await expect(db.execute({ text: 'select $1::text, $2::text', params: [1] })).rejects.toThrow('(08P01)')
    expect(await db.sql`select 1 as one`).toEqual([{ one: 1 }])
  })
})

describe('mapping', () => {
  const serverError = (code: string, more: object = {}): Error => Object.assign(new Error('message.'), { code, severity: 'ERROR', ...more })
  const map = (error: unknown, readOnly = false): errors.DatabaseError => mapError(error, { statement: 'select 1', readOnly })

  it('knows which errors a whole transaction may be run again after', () => {
    expect(map(serverError('40001'))).toMatchObject({ code: 'db/serialization-failure', retryable: true })
    expect(map(serverError('40P01'))).toMatchObject({ code: 'db/deadlock', retryable: true })
    expect(map(serverError('23505'))).toMatchObject({ retryable: false, columns: [] })
  })

  it('takes what a restricting foreign key refuses for a foreign key violation, by the code of PostgreSQL 18 too', () => {
    const detail = 'Key (id)=(1) is referenced from table "children".'
    for (const code of ['23001', '23503']) {
      const error = map(serverError(code, { table: 'children', constraint: 'to_pairs', detail }))
      expect(error).toBeInstanceOf(errors.ForeignKeyViolation)
      expect(error).toMatchObject({ table: 'children', constraint: 'to_pairs', columns: [] })
    }
  })

  it('takes the columns of a detail for those of the child when the row of the parent is missing, whatever its values say', () => {
    const facts = { table: 'children', constraint: 'to_pairs' }
    const columnsOf = (detail: string): unknown => (map(serverError('23503', { ...facts, detail })) as errors.ForeignKeyViolation).columns
    expect(columnsOf('Key (a, b)=(1, x) is not present in table "pa""irs".')).toEqual(['a', 'b'])
    expect(columnsOf('Key (id)=(1 is not present in table ") is still referenced from table "children".')).toEqual([])
    expect(columnsOf('Key is not present in table "pairs".')).toEqual([])
  })

  it('tells a transaction that must not write from a node that cannot', () => {
    expect(map(serverError('25006'), true)).toBeInstanceOf(errors.ReadOnlyTransactionError)
    expect(map(serverError('25006'))).toBeInstanceOf(errors.ReadOnlyNode)
  })

  it('takes what has no code of the server, and what ends a session, for the end of the connection', () => {
    for (const code of ['57P01', '57P02', '57P04', '57P05', '25P03', '08006'])
      expect(map(serverError(code))).toBeInstanceOf(errors.ConnectionLost)
    expect(map(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }))).toBeInstanceOf(errors.ConnectionLost)
    expect(map('thrown')).toMatchObject({ code: 'db/connection-lost', cause: 'thrown' })
  })

  it('passes on what is of the taxonomy already', () => {
    const known = new errors.Deadlock()
    expect(map(known)).toBe(known)
    expect(map(serverError('XX000'))).toMatchObject({ code: 'db/query-failed', statement: 'select 1' })
    expect(map(serverError('23505', { detail: 'Key (a=(b) exists' }))).toMatchObject({ columns: [] })
  })
})
