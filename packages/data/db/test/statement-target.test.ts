import { describe, expect, it } from '@jest/globals'
import { statementTarget } from '../src/index.ts'

describe('the target of a statement', () => {
  it.each([
    ['insert into notes (id) values (1)', 'insert', 'notes'],
    ['INSERT OR REPLACE INTO "no""tes" values (1)', 'insert', 'no"tes'],
    ['insert low_priority ignore `no``tes` values (1)', 'insert', 'no`tes'],
    ['replace notes set id = 1', 'replace', 'notes'],
    ['replace into[notes]values (1)', 'replace', 'notes'],
    ['insert into notes select * from others', 'insert', 'notes'],
    [';-- of a test\n /* update others set */ # and\n update notes set id = 2', 'update', 'notes'],
    ['update or ignore notes as n set id = 2', 'update', 'notes'],
    ['update notes n set id = 2', 'update', 'notes'],
    ['update notes/**/set id = 2', 'update', 'notes'],
    ['update notés set id = 2', 'update', 'notés'],
    ['delete from notes', 'delete', 'notes'],
    ['delete from notes;', 'delete', 'notes'],
    ['delete from notes as n where n.id = 1', 'delete', 'notes'],
    ['delete quick from notes order by id limit 1', 'delete', 'notes'],
    ['delete from notes returning id', 'delete', 'notes'],
  ])('of %s is one', (text, verb, table) => {
    expect(statementTarget(text)).toMatchObject({ verb, table })
  })

  it('has its schema, and the place in the text where it ends', () => {
    const text = 'insert into `app` . notes (id) values (1)'
    expect(statementTarget(text)).toEqual({ verb: 'insert', schema: 'app', table: 'notes', end: text.indexOf(' (id)') })
  })

  it.each([
    'select * from notes',
    'with old as (select 1) delete from notes',
    'update notes, others set id = 1',
    'update notes join others on true set id = 1',
    'delete notes from notes join others on true',
    'delete from notes, others using notes join others',
    'delete from notes using notes join others on true',
    'delete notes',
    'insert /*! ignore */ into notes values (1)',
    'drop table notes',
    'insert',
    '',
  ])('of %s is none', (text) => {
    expect(statementTarget(text)).toBeUndefined()
  })

  it('is looked for at the head alone, however much there is of comments', () => {
    expect(statementTarget(`${'/* * */ -- x\n'.repeat(5_000)} selec`)).toBeUndefined()
    expect(statementTarget(`insert into notes values ${'(1), '.repeat(50_000)}(1)`)).toMatchObject({ table: 'notes' })
  })
})
