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
  ])('is not %s', (source) => {
    expect(composedSql(`export async function work(db, value, text) { await ${source} }`)).toEqual([])
  })

  it('is nowhere in this workspace', () => {
    expect(findComposedSql(workspaceRoot)).toEqual([])
  })
})
