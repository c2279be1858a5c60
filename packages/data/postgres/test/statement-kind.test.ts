import { errors } from '@covet/db'
import { describe, expect, it } from '@jest/globals'
import { codeOf } from '../src/sql/code.ts'
import { readsOnly, refuseTransactionControl, setsLimit } from '../src/sql/statement-kind.ts'

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
    'select Count(*) filter (where a > 1) over (partition by b order by c) from t where a in (1, 2) and not exists (select 1)',
    "select a::numeric(10, 2), cast(b as character varying(20)), $1::app.vector(3), numeric(4, 1) '1' from t",
    'select pg_catalog.lower(a), extract(year from b), coalesce(c, (d)), array(select 1), row(1, 2) from t',
    'with recursive a (n) as (values (1) union all select n + 1 from a), b(x, y) as (select 1, 2) select * from a, b',
    'with a(n) as not materialized (select 1) select * from a as c (d)',
    'select * from unnest($1::text[]) with ordinality names (name, position)',
    'select * from (values (1)) "v" ("a") join lateral (select 1) w(b) on (true)',
    'select * from json_to_recordset($1) as (a integer, b text)',
    'select percentile_cont(0.5) within group (order by a), b at time zone (c) from t group by grouping sets ((b), ())',
    'select * from t tablesample system (10) order by a fetch first (5) rows only',
    'select distinct on (lower(a)) a from t',
    'table notes limit (1)',
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
    'select charge_card($1)',
    'select CHARGE_CARD ($1)',
    'select "charge_card"($1)',
    'select app.lower($1)',
    'select "app" . "lower" ($1)',
    'select * from t, charge_card(t.id)',
    'select * from t join lateral charge_card(t.id) on true',
    'select * from charge_card($1) as c (id)',
    'select * from rows from (charge_card($1)) as (id integer)',
    'with a as (select charge_card($1)) select * from a',
    'with a (b) as (select charge_card($1)) select * from a',
    'select distinct on (a) charge_card(a) from t',
    'values (charge_card($1))',
    'select lower(a)::numeric(charge_card(1)) from t',
    'select a operator(app.+) (b) from t',
    'explain select charge_card($1)',
    'select été($1)',
    'select a$charge($1)',
  ])('%p does not', (text) => {
    expect(readsOnly(text)).toBe(false)
  })

  it('reads what is never closed to its end', () => {
    for (const open of [`'a`, '"a', '$$a', '$tag$ $$', '/* /* */', '-- a', `e'a\\'`]) expect(codeOf(`select ${open}`)).toMatch(/^select\s/)
  })

  it('knows after a literal, too, what is an escape string, a tag or a parameter', () => {
    expect(codeOf(`'a'E'\\'';1`)).toBe(' E ;1')
    expect(codeOf(`'a'ne'\\';1'`)).toBe(' ne ;1 ')
    expect(codeOf('$$a$$$b$;$b$1')).toBe('  1')
    expect(codeOf('a$$;$$1')).toBe('a$$; ')
  })

  it.each<[string, (n: number) => string, (n: number) => string]>([
    ['placeholders', (n) => `($${n})`, (n) => `($${n})`],
    ['literals', (n) => `(E'it\\'s the text of row ${n}')`, () => '(E )'],
    ['dollar quotes', (n) => `($a$ row ${n} $a$)`, () => '( )'],
    ['comments', (n) => `(${n}) -- row\n`, (n) => `(${n})  `],
  ])('takes 65,000 %s in one go', (_, written, left) => {
    const insert = (row: (n: number) => string): string =>
      `insert into notes values ${Array.from({ length: 65_000 }, (__, n) => row(n + 1)).join(', ')}`
    const text = insert(written)
    const started = performance.now()
    expect(codeOf(text) === insert(left)).toBe(true)
    expect(readsOnly(text)).toBe(false)
    // Some milliseconds. Where each of them looks at all that came before it these are minutes, in which nothing else runs.
    expect(performance.now() - started).toBeLessThan(15_000)
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

describe('what sets the statement timeout', () => {
  it.each([
    'set statement_timeout = 0',
    `SET LOCAL "statement_timeout" TO '1s'`,
    'set session statement_timeout = default',
    'begin; set /* for long */ local statement_timeout = 0',
    `select set_config('statement_timeout', '0', true)`,
    `select "set_config"(setting_name => 'statement_timeout', new_value => $1, is_local => true)`,
    'select set_config($1, $2, true)',
    `select set_config(E'statement\\x5ftimeout', '0', true)`,
    `select set_config(lower('A'), 'a', true)`,
    `do $$ begin perform set_config('statement_timeout', '0', false); end $$`,
    'select 1; do $$ begin set statement_timeout = 0; end $$',
  ])('%p does, or may', (text) => {
    expect(setsLimit(text)).toBe(true)
  })

  it.each([
    'select 1',
    'set local lock_timeout = 0',
    `select set_config('app.tenant', $1, true)`,
    `select set_config ( 'app.tenant', 'a', true), pg_catalog.set_config('b', set_config('c', 'd', true), true)`,
    `select 'set statement_timeout = 0', 'set_config($1)'`,
    'show statement_timeout -- set_config($1)',
    `select current_setting('statement_timeout')`,
    `comment on table a is 'do set_config($1, statement_timeout)'`,
  ])('%p does not', (text) => {
    expect(setsLimit(text)).toBe(false)
  })
})
