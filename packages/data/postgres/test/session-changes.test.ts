import { createDb, type Database } from '@covet/db'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { describeWith } from '@covet-workspace/tooling/services/jest'
import { postgres } from '../src/index.ts'
import { isChanged, sessionChangeOf } from '../src/sql/session-changes.ts'
import type { Open } from './support/databases.ts'

describe('a text that changes its session', () => {
  it.each([
    'set role tenant',
    'SET search_path TO app',
    'set session authorization app',
    'set session characteristics as transaction read only',
    `select set_config('app.tenant', $1, false)`,
    `select pg_catalog.set_config('search_path', '', false)`,
    `select set_config('app.tenant', lower(concat($1, 'a')), 1 = 1)`,
    `select set_config('a', 'b', true), set_config('a', (select 'b'), false)`,
    'listen news',
    'discard all',
    'deallocate all',
    `load 'auto_explain'`,
    'prepare a as select 1',
    'declare a cursor with hold for select 1',
    'create temp table a (b integer)',
    'create or replace temporary view a as select 1',
    'create table pg_temp.a (b integer)',
    'select 1 as a into temp b',
    'with a as (select 1) select * into temporary table b from a',
    'create table a (b integer); /* then */ set role tenant',
    'begin; set local role a; commit; set role b',
    'select pg_advisory_lock(1)',
    'SELECT pg_catalog.pg_try_advisory_lock ($1, $2)',
    'with a as (select pg_advisory_lock_shared(1)) select * from a',
    'insert into locks values (1) returning "pg_try_advisory_lock_shared"(id)',
    'grant usage on schema a to b; select pg_advisory_lock(1)',
  ])('%p does', (text) => {
    expect(sessionChangeOf(text)).toBe('always')
  })

  it.each([
    'select 1',
    'set local role tenant',
    'set constraints all deferred',
    'set transaction isolation level serializable',
    `select set_config('app.tenant', $1, true)`,
    `select set_config('app.tenant', (array[$1, 'b'])[1], is_local => TRUE)`,
    `update settings set load = 1, temp = 'set role a; set role b'`,
    'create temp table a (b integer) on commit drop',
    `create function a() returns integer language sql set search_path = '' as $$ select 1; set role b $$`,
    'reset role',
    'with a as (select 1) insert into temp select * from a',
    'with a as (select 1 as id) merge into temporary using a on a.id = temporary.id when matched then do nothing',
    `create function a() returns integer language sql security definer set search_path = app, pg_temp as $$ select 1 $$`,
    'create table a (temp integer)',
    'insert into a values (1) on conflict do nothing',
    'unlisten a',
    `insert into notes (body) values ('; set role a')`,
    `prepare transaction 'a'`,
    'set  local role tenant',
    'set /* for now */ local role tenant',
    `prepare  transaction 'a'`,
    'select pg_advisory_xact_lock(1), pg_try_advisory_xact_lock(2), pg_advisory_xact_lock_shared(3)',
    'select pg_advisory_unlock(1), pg_advisory_unlock_all()',
    `select 'pg_advisory_lock(1)' -- pg_advisory_lock(1)`,
    ' grant execute on function pg_advisory_lock(bigint) to a',
    'create or replace view a as select pg_advisory_lock(1)',
  ])('%p does not', (text) => {
    expect(sessionChangeOf(text)).toBeUndefined()
  })

  it.each(['do $$ begin end $$', `do language plpgsql 'begin end'`, 'set local role a; do $$ begin end $$'])('%p may', (text) => {
    expect(sessionChangeOf(text)).toBe('perhaps')
    expect(isChanged('perhaps', [])).toBe(true)
  })

  it('may be told by its parameters', () => {
    const change = sessionChangeOf(`select set_config('app.tenant', $1, $2), set_config('app.user', $3, $4::boolean)`) ?? []
    expect([true, false, undefined].map((second) => isChanged(change, ['a', true, 'b', second]))).toEqual([false, true, true])
    expect(isChanged(change, ['a', 'true', 'b', true])).toBe(true)
  })
})

describeWith('postgres', 'a session that was changed', (open: Open) => {
  let db: Database
  let url: string
  beforeAll(async () => {
    url = (await open()).url
    db = createDb(postgres({ url, pool: { max: 1 } }))
  })
  afterAll(() => db.close())

  const session = async (): Promise<unknown> => {
    const rows = await db.sql`select pg_backend_pid() as pid, session_user = current_user as itself, current_setting('search_path') as path,
      coalesce(current_setting('app.tenant', true), '') as tenant, (select count(*)::integer from pg_class where relname = 'kept') as tables,
      (select count(*)::integer from pg_prepared_statements where name = 'kept') as prepared,
      (select count(*)::integer from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) as locks`
    return rows[0]
  }

  it.each<[string, () => Promise<unknown>]>([
    ['a role', () => db.sql`set role pg_monitor`],
    ['a search path', () => db.sql`set search_path to pg_catalog`],
    ['a setting', () => db.sql`select set_config('app.tenant', ${'a'}, false)`],
    ['a setting that a parameter says is to stay', () => db.sql`select set_config('app.tenant', ${'a'}, ${false})`],
    ['a setting of a transaction that is to stay', () => db.transaction(() => db.sql`set app.tenant = 'a'`)],
    ['a temporary table', () => db.script('create temp table kept (id integer)')],
    ['a setting of a script', () => db.script(`select 1; set app.tenant = 'a'`)],
    ['a prepared statement', () => db.sql`prepare kept as select 1`],
    ['a setting of a block', () => db.sql`do $$ begin set app.tenant = 'a'; end $$`],
    ['a channel', () => db.sql`listen kept`],
    ['an advisory lock', () => db.sql`select pg_advisory_lock(${7})`],
    ['an advisory lock that was free', () => db.sql`select pg_try_advisory_lock(7)`],
    ['a shared advisory lock of a transaction', () => db.transaction(() => db.sql`select pg_advisory_lock_shared(7)`)],
    ['a shared advisory lock of a script', () => db.script('select pg_try_advisory_lock_shared(7)')],
    [
      'an advisory lock, by a statement that is prepared by then',
      () => Promise.all(Array.from({ length: 5 }, () => db.sql`select pg_advisory_lock(7)`)),
    ],
    ['a role, by a statement that is prepared by then', () => Promise.all(Array.from({ length: 5 }, () => db.sql`set role pg_monitor`))],
  ])('is not for the next user: %s', async (_, change) => {
    const before = (await session()) as { pid: number }
    await change()
    const after = (await session()) as { pid: number }
    expect(after).toEqual({ ...before, pid: after.pid })
    expect(after.pid).not.toBe(before.pid)
    expect(await db.health()).toMatchObject([{ state: 'up', pools: { writer: { max: 1, total: 1, idle: 1 } } }])
  })

  it('holds a session advisory lock no longer than its loan, and hands it to the next one who wants it', async () => {
    await using other = createDb(postgres({ url, pool: { max: 1 }, lockTimeout: '5s' }))
    await db.withConnection(async (connection) => {
      await connection.execute({ text: 'select pg_advisory_lock(8)', params: [] })
      expect(await other.sql`select pg_try_advisory_lock(8) as taken`).toEqual([{ taken: false }])
    })
    // Waits for the connection to be closed, and not for as long as it may live.
    expect(await other.sql`select pg_advisory_lock(8) is null as taken`).toEqual([{ taken: false }])
  })

  it('is lent again when the change ended with its transaction', async () => {
    const before = await session()
    for (let round = 0; round < 5; round += 1) {
      await db.transaction(async () => {
        await db.sql`select set_config('app.tenant', ${'a'}, true)`
        await db.sql`select set_config('app.tenant', ${'b'}, ${true})`
        await db.sql`select pg_advisory_xact_lock(7)`
        await db.sql`set local role pg_monitor`
        expect(await session()).toMatchObject({ itself: false, tenant: 'b' })
      })
    }
    expect(await session()).toEqual(before)
  })
})
