import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { findComposedSql, judgedSql } from '../../checks/sql-text.ts'
import { workspaceRoot } from '../../checks/workspace.ts'
import { workspace } from './fixture.ts'

/** As if in a handler. */
function handler(work: string): string {
  return `import { sql, sql as s } from 'kysely'\nexport async function work(db, app, request, column, text) { ${work} }`
}

const callsOf = (source: string): string[] => judgedSql(source).map(({ what }) => what.replace(/ is given .*$/, ''))

describe('SQL-04: SQL whose text is not the same whatever is asked', () => {
  it.each([
    ['sql.raw(request.query.order)', 'sql.raw'],
    ['sql.raw(`order by ${request.query.order}`)', 'sql.raw'],
    ['s.raw(request.query.order)', 's.raw'],
    ['sql.lit(request.query.name)', 'sql.lit'],
    ['const t = sql; t.raw(column)', 't.raw'],
    ['const { raw } = sql; raw(column)', 'raw'],
    ["db.script('drop table ' + column)", 'db.script'],
    ['app.db.script(`drop table ${column}`)', 'app.db.script'],
    ['db.script(request.body.sql)', 'db.script'],
    ["db['script'](request.body.sql)", 'db.script'],
    ["const method = 'script'; db[method](request.body.sql)", 'db.method'],
    ['db?.script(text)', 'db.script'],
    ['(db as Database).script(text!)', 'db.script'],
    ['db.script(...request.body)', 'db.script'],
    ['db.script.call(db, text)', 'db.script'],
    ['db.script.apply(db, [text])', 'db.script'],
    ['const { script } = db; script(text)', 'script'],
    ['const { script: run } = db; run(text)', 'run'],
    ['const run = db.script; run(text)', 'run'],
    ['const run = db.script.bind(db); run(text)', 'run'],
    ['const each = ({ script }) => script(text)', 'script'],
    ["db.script('select '.concat(column))", 'db.script'],
    ["db.script(['select', column].join(' '))", 'db.script'],
    ["let text = 'select '; text += column; db.script(text)", 'db.script'],
    ['let text; text = column; db.script(text)', 'db.script'],
    ['const { sql: text } = request.query; db.script(text)', 'db.script'],
    ["const text = 'select 1'; for (const text of request.body) db.script(text)", 'db.script'],
    ["const text = 'select 1'; try {} catch (text) { db.script(text) }", 'db.script'],
    ['const text = `select ${column}`; const run = (name) => db.script(text); run(column)', 'db.script'],
    ["db.script(column ? 'select 1' : column)", 'db.script'],
    ['const of = (name) => `select ${name}`; db.script(of(column))', 'db.script'],
    ["function of() { if (column) return column; return 'select 1' } db.script(of())", 'db.script'],
    ['function of() { return of() } db.script(of())', 'db.script'],
    ['db.execute({ text: request.query.sql })', 'db.execute'],
    ['db.execute({ text: `select ${column} from users`, params: [] })', 'db.execute'],
    ["db.executeNow({ params: [], text: 'select ' + column })", 'db.executeNow'],
    ["db.execute({ 'text': column })", 'db.execute'],
    ["db.execute({ ['te' + 'xt']: column })", 'db.execute'],
    ['db.execute({ get text() { return column } })', 'db.execute'],
    ["db.execute({ text: 'select 1', ...request.body })", 'db.execute'],
    ['db.execute(request.body)', 'db.execute'],
    ['db.execute(text)', 'db.execute'],
    ['for await (const row of db.stream({ text: `select ${column}`, params: [] })) {}', 'db.stream'],
    ["const text = 'select ' + column; await db.execute({ text, params: [] })", 'db.execute'],
    ['const base = `select ${column}`; const text = base; if (column) { await db.execute({ text }) }', 'db.execute'],
    ['const statement = { text: `select ${column}`, params: [] }; await db.execute(statement)', 'db.execute'],
    ["const statement = { text: 'select 1' }; statement.text = column; db.execute(statement)", 'db.execute'],
    ["const statement = { text: 'select 1' }; Object.assign(statement, request.body); db.execute(statement)", 'db.execute'],
  ])('is found in %s', (work, call) => {
    expect(callsOf(handler(work))).toEqual([call])
  })

  it.each([
    "sql.raw('nulls last')",
    'sql.raw(`nulls last`)',
    'sharp(column).raw(column)',
    'db.sql`select ${column}`',
    "db.script('create table a (id integer)')",
    "db.script('create table a ' + '(id integer)')",
    "db.script(column ? 'select 1' : 'select 2')",
    "db.execute({ text: 'select ?', params: [column] })",
    "db.execute({ ...request.body, text: 'select 1' })",
    "const text = 'select 1'; db.script(text)",
    "const tables = { users: 'users' } as const; db.script(`drop table ${tables.users}`)",
    "const of = () => 'select 1'; db.script(of())",
    "const statement = { text: 'select ?', params: [column] }; db.execute(statement)",
    'const run = () => { const query = `q ${column}`; return query }; const query = "select 1"; db.script(query)',
    "client.stream('GET', column)",
    'Post.query().stream({ batch: column })',
    'db.kysely().deleteFrom(column).execute()',
    'breaker.execute(() => fetch(column))',
    'class Client { get() { this.stream(column) } stream() {} }',
  ])('is not %s', (work) => {
    expect(callsOf(handler(work))).toEqual([])
  })

  it('follows names that are imported from a file next to it', () => {
    const root = workspace({
      'texts.ts': "export const drop = 'drop table a'\nexport const of = (name) => `drop table ${name}`\nexport let it = 'a'",
    })
    const use = (text: string): unknown =>
      judgedSql(
        `import { drop, it, of, other } from './texts.ts'\nimport { far } from 'elsewhere'\ndb.script(${text})`,
        join(root, 'use.ts'),
      ).length
    expect([use('drop'), use('it'), use("of('a')"), use('other'), use('far')]).toEqual([0, 1, 1, 1, 1])
  })

  it('is allowed by a comment with a reason above it or behind it, which has to be of use', () => {
    expect(judgedSql('// SQL-04 -- of the models\ndb.script(text)\ndb.script(text) // SQL-04 -- of them too')).toEqual([])
    expect(judgedSql('// SQL-04 -- é\n\ndb.script(text)')).toEqual([
      { line: 3, what: expect.stringMatching(/^db\.script is given text that is not constant\. .*identifier\(\)/) },
      { line: 2, what: 'the comment allows nothing.' },
    ])
    expect(judgedSql('db.script(text) // SQL-04 -- known\ndb.script(text)')).toMatchObject([{ line: 2 }])
    expect(judgedSql('db.script(text) // SQL-04 --')).toEqual([{ line: 1, what: 'db.script is allowed without a reason.' }])
  })

  it('is nowhere in this workspace', () => {
    expect(findComposedSql(workspaceRoot)).toEqual([])
  })
})
