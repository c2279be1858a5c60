import { describe, expect, it } from '@jest/globals'
import { scan } from '../src/scan.ts'
import { scriptChangesSession, scriptCommitsImplicitly, statementFacts } from '../src/statement-facts.ts'

describe('a statement', () => {
  it.each([
    'select 1',
    ' ;; (select 1) union (select 2)',
    '/* a */ -- b\n# c\nSELECT * from notes',
    'with a as (select 1) select * from a',
    'values (1)',
    'table notes',
    'show tables',
    'show full columns from notes',
    'show create table notes',
    'explain select 1',
    'describe notes',
    'desc notes',
    `select 'for update', "into @a", \`update\` from notes`,
    `select replace(body, 'a', 'b'), insert(body, 1, 1, 'x') from notes`,
    'select sleep(1)',
    `select 'it''s \\' for update' as a`,
    'select updated_at, deleted from notes',
    'select 1 -- into @a\n + 1',
    'select Count(*) over (partition by b order by c) from t where a in (1, 2) and not exists (select 1)',
    'select cast(a as decimal(10, 2)), convert(b, char(20)), now(6), if(c, (d), 1), insert(e, 1, 1, "") from t',
    'with recursive a (n) as (select 1 union all select n + 1 from a), `b`(x, y) as (select 1, 2) select * from a, b',
    'with a(n) as (values (1)) select * from a',
    'select * from (values (1)) v(a) join lateral (select 1) as `w` (b) on (true)',
    "select * from json_table('[1]', '$[*]' columns (a int path '$')) as t",
    'select * from t use index (a) ignore index for join (b) where match(a) against (? in boolean mode)',
    'select group_concat(distinct a order by (b) separator ","), date_add(c, interval (1) day) from t group by (a) with rollup',
    'select st_astext(location), mbrcontains(a, b) from places',
    'select a, row_number() over w from t window w as (order by a)',
  ])('only reads: %s', (text) => {
    expect(statementFacts(text).readOnly).toBe(true)
  })

  it.each([
    'select * from notes for update',
    'select * from notes FOR\n SHARE skip locked',
    'select * from notes lock in share mode',
    "select * from notes into outfile '/tmp/a'",
    'select 1 into @a',
    'select @a := 1',
    'select @@session.time_zone',
    'with a as (select 1) update notes join a set body = 1',
    'with a as (select 1) delete from notes',
    "select get_lock('a', 1)",
    "select Release_Lock('a')",
    'select last_insert_id()',
    'select row_count()',
    'select nextval(ids)',
    'select next value for ids',
    'select lastval(ids)',
    'select connection_id()',
    "select load_file('/etc/passwd')",
    "select master_gtid_wait('0-1-1')",
    'select app.refresh(1)',
    'select charge_card(?)',
    'select CHARGE_CARD (?)',
    'select `charge_card`(?)',
    'select app.lower(?)',
    'select * from t where id = charge_card(t.id)',
    'with a as (select charge_card(?)) select * from a',
    'with a (b) as (select charge_card(?)) select * from a',
    'values (charge_card(?))',
    'select (a) + charge_card(?) from t',
    'select st_charge(1)',
    'explain select * from (select charge_card(?)) as a',
    'select `app`.`refresh`(1)',
    'select /*! 1 into @a */ 1',
    'select 1 /*M!100100 for update */',
    'explain analyze select 1',
    'analyze select 1',
    'show warnings',
    'show session status',
    'show variables',
    'insert into notes values (1)',
    'update notes set body = 1',
    'delete from notes',
    'replace into notes values (1)',
    'call refresh()',
    'do 1',
    'set @a = 1',
    'use other',
    'create table a (id int)',
    'handler notes open',
    '',
    'selec 1',
  ])('does not only read: %s', (text) => {
    expect(statementFacts(text).readOnly).toBe(false)
  })

  it.each([
    ['begin', 'begin'],
    ['BEGIN NOT ATOMIC select 1; end', 'begin'],
    [' /* a */ COMMIT', 'commit'],
    ['-- b\nrollback', 'rollback'],
    ['# b\nrollback', 'rollback'],
    ['savepoint a', 'savepoint'],
    [';release savepoint a', 'release'],
    ['start transaction', 'start transaction'],
    ["xa start 'a'", 'xa'],
    ['set autocommit = 0', 'set autocommit'],
    ['set @@session.autocommit = 0', 'set autocommit'],
    ['set session transaction isolation level serializable', 'set transaction'],
    ['set transaction read only', 'set transaction'],
    ['/*!50000 commit */', 'commit'],
    ['/*M! commit */', 'commit'],
  ])('is transaction control: %s', (text, keyword) => {
    expect(statementFacts(text).transactionControl).toBe(keyword)
  })

  it.each([
    'start replica',
    'set @a = 1',
    'select 1',
    `insert into notes values ('commit')`,
    'set statement max_statement_time = 1 for select 1',
    '',
  ])('is no transaction control: %s', (text) => {
    expect(statementFacts(text).transactionControl).toBeUndefined()
  })

  it.each([
    'create table a (id int)',
    'CREATE OR REPLACE TABLE a (id int)',
    'alter table a add b int',
    'drop table a',
    'truncate a',
    'rename table a to b',
    'create index a on b (c)',
    'grant select on a to b',
    'lock tables a write',
    'unlock tables',
    'analyze table a',
    'analyze local table a',
    'flush tables',
    "set password = 'a'",
    'load index into cache a',
    '/*! drop table a */',
  ])('T10 commits the transaction around it: %s', (text) => {
    expect(statementFacts(text).commitsImplicitly).toBe(true)
  })

  it.each([
    'create temporary table a (id int)',
    'create or replace temporary table a (id int)',
    'drop temporary table if exists a',
    'select 1',
    'analyze select 1',
    'set @a = 1',
    "load data infile 'a' into table b",
    `insert into notes values ('drop table a')`,
  ])('T10 leaves the transaction around it: %s', (text) => {
    expect(statementFacts(text).commitsImplicitly).toBe(false)
  })

  it('T10 of a script commits when any of them does', () => {
    expect(scriptCommitsImplicitly(`insert into a values ('; drop table a'); update a set b = 1`)).toBe(false)
    expect(scriptCommitsImplicitly('insert into a values (1); -- and then\n drop table a')).toBe(true)
  })

  it('has its placeholders where the server has them', () => {
    expect(statementFacts(`select ?, '?', "?", \`?\`, /* ? */ ? -- ?\n, ? # ?`).parts).toEqual([
      'select ',
      `, '?', "?", \`?\`, /* ? */ `,
      ' -- ?\n, ',
      ' # ?',
    ])
    expect(statementFacts(`select 'a\\'?', 'b''?', 1--?, "\\\\", ?`).parts).toHaveLength(3)
    expect(statementFacts('select /*! ? */ 1').parts).toHaveLength(2)
    expect(statementFacts(`select 'never closed ?`).parts).toHaveLength(1)
    expect(statementFacts('select 1 /* never closed ?').parts).toHaveLength(1)
  })

  it('has 65,000 of them, or none among as many literals, in one go', () => {
    const rows = (written: string): string => `insert into notes values ${Array.from({ length: 65_000 }, () => written).join(', ')}`
    expect(statementFacts(rows(`(?, '?')`)).parts).toHaveLength(65_001)
    expect(statementFacts(rows(`(1, '?')`)).parts).toHaveLength(1)
    expect(statementFacts(rows(`(1, 'a text of some length')`)).parts).toHaveLength(1)
    expect(statementFacts(`${rows(`(1, 'a text of some length')`)} on duplicate key update body = ?`).parts).toHaveLength(2)
  })

  it('is worth preparing when it is a query or a change of rows', () => {
    const preparable = [
      'select 1',
      'insert into a values (1)',
      'with a as (select 1) select 1',
      'delete from a',
      'replace into a values (1)',
    ]
    expect(preparable.map((text) => statementFacts(text).preparable)).toEqual([true, true, true, true, true])
    expect(['show tables', 'call a()', 'create table a (id int)'].map((text) => statementFacts(text).preparable)).toEqual([
      false,
      false,
      false,
    ])
  })
})

describe('what a statement leaves of itself in its session', () => {
  it.each([
    'create temporary table a (id int)',
    'CREATE OR REPLACE /* for now */ TEMPORARY TABLE a (id int)',
    'create temporary sequence a',
    'lock tables a read, b write',
    'lock table a write',
    'lock instance for backup',
    'flush tables with read lock',
    'flush tables a, b for export',
    'backup stage start',
    'handler a open',
    `prepare a from 'select 1'`,
    `execute immediate 'set @a = 1'`,
    'set role admin',
    'set session authorization app@localhost',
    'set @a = 1',
    'set sql_big_selects = 1, @`a` = 1',
    `set @'a' := 1`,
    'select @a := 1',
    'insert into b select @a.b$c:=c from d',
    'update a set b = (@n := @n + 1)',
    'select a, b from c into @a, @b',
    'select a, b into @`a`, @b from c',
    'call a(@b)',
    `load data infile 'a' into table b (@c) set d = @c`,
    'get diagnostics @a = number',
    `select Get_Lock ('a', 1)`,
    'do get_lock(?, 1)',
  ])('something: %s', (text) => {
    expect(statementFacts(text).changesSession).toBe(true)
  })

  it.each([
    'select 1',
    'select @a, @@sql_mode',
    'select * from a where b = @a and @c = 1',
    'insert into a values (@a)',
    'update a set b = @a, c = @b = 1',
    'set sql_big_selects = @a',
    'set @@session.sql_big_selects = 1',
    'call a(?)',
    'execute a using @b',
    `select '@a := 1', "get_lock('a', 1)", \`create temporary\` -- into @a`,
    `load data infile 'a' into table b`,
    'create table temporary_things (lock_tables int)',
    'drop temporary table a',
    'unlock tables',
    'flush tables',
    'set statement max_statement_time = 1 for select 1',
    `select is_free_lock('a'), release_all_locks()`,
    `create user 'a'@'localhost' identified by 'b'`,
  ])('nothing: %s', (text) => {
    expect(statementFacts(text).changesSession).toBe(false)
  })

  it('of a script is that of all its statements', () => {
    expect(scriptChangesSession(`select 1; -- first\n lock tables a write; insert into a values (1)`)).toBe(true)
    expect(scriptChangesSession(`select 1; insert into a values ('; set @a = 1')`)).toBe(false)
  })
})

describe('the scanner', () => {
  it('covers every character once, in order', () => {
    const text = `select 'a''b' "c\\"" \`d\`\`e\` -- f\n# g\n/* h */ /*! i */ 1 - 2 / 3 * 4 --5 --`
    const pieces = scan(text)
    expect(pieces.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text)
    expect(pieces.filter(({ kind }) => kind === 'string').map(({ start, end }) => text.slice(start, end))).toEqual([`'a''b'`, `"c\\""`])
    expect(pieces.filter(({ kind }) => kind === 'comment').map(({ start, end }) => text.slice(start, end))).toEqual([
      '-- f\n',
      '# g\n',
      '/* h */',
      '/*!',
      '*/',
      '--',
    ])
  })

  it('takes long texts in one go', () => {
    const text = `select '${"''\\'a".repeat(200_000)}' ${'/* */'.repeat(50_000)}`
    expect(scan(text).filter(({ kind }) => kind === 'string')).toHaveLength(1)
  })
})
