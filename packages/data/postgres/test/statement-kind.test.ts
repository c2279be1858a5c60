import { errors } from '@covet/db'
import { describe, expect, it } from '@jest/globals'
import { codeOf } from '../src/sql/code.ts'
import { readsOnly, refuseTransactionControl } from '../src/sql/statement-kind.ts'

describe('what reads only', () => {
  it.each([
    'select 1',
    '  -- a comment\n /* and /* one */ inside */ SELECT 1',
    '(select 1) union (select 2)',
    'with a as (select 1) select * from a',
    'values (1)',
    'table notes',
    'show server_version',
    'explain select 1',
    `select 'delete from notes', E'it\\'s; update', $$ insert $$, $a$ merge $$ $a$`,
    'select updated_at, deleted, "inserted" from notes',
    `select 'a' 'b'`,
    'select $1::text, a$1 from t',
  ])('%p does', (text) => {
    expect(readsOnly(text)).toBe(true)
  })

  it.each([
    '',
    'insert into notes values (1)',
    'update notes set body = $1',
    'delete from notes',
    'merge into a using b on true when matched then delete',
    'with a as (delete from notes returning *) select * from a',
    'select * from notes for update',
    'select * from notes for no key update',
    'select * from notes for key share',
    'select * into copy from notes',
    'explain analyze delete from notes',
    'explain (analyse) select 1',
    'explain execute a',
    `select nextval('s')`,
    `select "nextval"('s')`,
    `select pg_catalog.setval('s', 1)`,
    'select pg_advisory_lock(1)',
    'select pg_try_advisory_xact_lock(1)',
    `select pg_notify('a', 'b')`,
    `select lo_create(1)`,
    `select set_config('a', 'b', true)`,
    'select pg_terminate_backend(1)',
    'set search_path = a',
    'create table a (b integer)',
    'call something()',
    'do $$ begin end $$',
    'listen a',
    `select E'\\'' ; delete from notes; --'`,
    `select 'a' /* ' */ from t for update`,
    `select "a""b;" from t for share`,
    `select '\\' , nextval('s')`,
  ])('%p does not', (text) => {
    expect(readsOnly(text)).toBe(false)
  })

  it('reads what is never closed to its end', () => {
    for (const open of [`'a`, '"a', '$$a', '$tag$ $$', '/* /* */', '-- a', `e'a\\'`]) expect(codeOf(`select ${open}`)).toMatch(/^select\s/)
  })
})

describe('what begins or ends a transaction', () => {
  it.each([
    'begin',
    'START TRANSACTION',
    'commit',
    'end',
    'rollback',
    'abort',
    'savepoint a',
    'release a',
    ' ;commit',
    `prepare transaction 'a'`,
  ])('%p is refused', (text) => {
    expect(() => refuseTransactionControl(text)).toThrow(errors.TransactionControlError)
  })

  it.each(['prepare a as select 1', 'select 1', '/* commit */ select 1', `'commit'`, ''])('%p is not', (text) => {
    expect(() => refuseTransactionControl(text)).not.toThrow()
  })
})
