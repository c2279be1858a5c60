import { describe, expect, it } from '@jest/globals'
import { createDb, type Database, errors } from '../src/index.ts'
import { nodeSqlite } from './support/node-sqlite.ts'

async function failureOf(db: Database, text: string): Promise<unknown> {
  try {
    return await db.execute({ text, params: [] })
  } catch (error) {
    return error
  }
}

describe('a violation on the SQLite of Node', () => {
  it('names keys of several columns, and a check by its expression', async () => {
    await using db = createDb(nodeSqlite())
    await db.script(`create table pairs (a, b, c check (c <> '('), primary key (a, b));
      create table children (id integer, a, b, constraint "of pair" check (id > 0), constraint to_pairs foreign key (a, b) references pairs,
        constraint children_once unique ( a , b ))`)
    await db.script('insert into pairs values (1, 2, 3); insert into children values (1, 1, 2)')
    expect(await failureOf(db, 'insert into children values (2, 1, 2)')).toMatchObject({
      constraint: 'children_once',
      table: 'children',
      columns: ['a', 'b'],
    })
    const told = { constraint: 'to_pairs', table: 'children', columns: ['a', 'b'] }
    expect(await failureOf(db, 'delete from pairs')).toMatchObject(told)
    expect(await failureOf(db, 'insert into children values (2, 9, 9)')).toMatchObject(told)
    expect(await failureOf(db, `insert into pairs values (2, 2, '(')`)).toMatchObject({ constraint: `c <> '('`, table: undefined })
  })

  it('claims nothing where a trigger or another key may be meant', async () => {
    await using db = createDb(nodeSqlite())
    await db.script(`create table parents (id integer primary key constraint low check (id < 9));
      create table children (a references parents, b references parents)`)
    const nothing = { constraint: undefined, table: undefined, columns: [] }
    expect(await failureOf(db, 'insert into children values (9, 9)')).toMatchObject({ code: 'db/foreign-key-violation', ...nothing })
    await db.script('create trigger quiet after insert on parents begin select 1; end')
    const check = await failureOf(db, 'insert into parents values (9)')
    expect(check).toBeInstanceOf(errors.CheckViolation)
    expect(check).toMatchObject({ constraint: 'low', table: undefined })
  })
})
