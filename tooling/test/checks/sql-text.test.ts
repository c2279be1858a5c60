import { describe, expect, it } from '@jest/globals'
import { composedSql, findComposedSql } from '../../checks/sql-text.ts'
import { workspaceRoot } from '../../checks/workspace.ts'

describe('SQL-04: SQL text put together from values', () => {
  it.each([
    ['sql.raw(request.query.order)', ['sql.raw']],
    ['sql.raw(`order by ${request.query.order}`)', ['sql.raw']],
    ["db.script('drop table ' + name)", ['db.script']],
    ['app.db.script(`drop table ${name}`)', ['app.db.script']],
    ['await db.execute({ text: `select ${column} from users`, params: [] })', ['db.execute']],
    ["db.executeNow({ params: [], text: 'select ' + column })", ['db.executeNow']],
    ['for await (const row of db.stream({ text: `select ${column}`, params: [] })) {}', ['db.stream']],
    ['const text = `select ${column}`; await db.script(text)', ['db.script']],
    ["const text = 'select ' + column; await db.execute({ text, params: [] })", ['db.execute']],
    ['const base = `select ${column}`; const text = base; if (column) { await db.execute({ text }) }', ['db.execute']],
    ['const statement = { text: `select ${column}`, params: [] }; await db.execute(statement)', ['db.execute']],
    ['const text = `select ${column}`; const run = (name) => db.script(text); run(name)', ['db.script']],
  ])('is found in %s', (source, calls) => {
    expect(composedSql(`export async function work(db, app, request, name, column) { ${source} }`)).toEqual(calls)
  })

  it.each([
    "sql.raw('nulls last')",
    'sql.raw(`nulls last`)',
    'db.sql`select ${value}`',
    "db.script('create table a (id integer)')",
    "db.execute({ text: 'select ?', params: [value] })",
    'db.script(text)',
    'db.execute({ text, params: [] })',
    "const text = 'select 1'; db.script(text)",
    'const run = () => { const query = `q ${value}`; return value(query) }; const query = "select 1"; db.script(query)',
    'const query = `q ${value}`; const run = (query) => db.script(query); run(query)',
    'const { query } = `q ${value}`; db.script(query)',
  ])('is not %s', (source) => {
    expect(composedSql(`export async function work(db, value, text) { ${source} }`)).toEqual([])
  })

  it('is nowhere in this workspace', () => {
    expect(findComposedSql(workspaceRoot)).toEqual([])
  })
})
