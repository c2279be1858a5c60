import { createDb, type Database, errors } from '@covet/db'
import { failure } from '@covet/testing'
import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { mysql } from '../src/index.ts'
import { questionOf } from '../src/violation-facts.ts'
import { Wire } from '../src/wire.ts'
import { describeServers, temporaryDb, type TestServer } from './support/servers.ts'

const failureOf = (db: Database, text: string): Promise<unknown> => failure(db.execute({ text, params: [] }))
const untold = { constraint: 'notes_body', table: undefined, columns: [] }
const told = { constraint: 'notes_body', table: 'notes', columns: ['body'] }

async function notesDb(server: TestServer, prepare: 'auto' | 'never' = 'auto'): Promise<Database> {
  const { url } = await server.open()
  const db = createDb(mysql({ url, prepare, pool: { max: 1 } }))
  await db.script(`create table notes (id integer primary key, body varchar(9) not null, size tinyint, day date, once integer,
      constraint notes_body unique (body), constraint notes_small check (size < 100), unique once_size (once, size));
    insert into notes (id, body, size, once) values (1, 'a', 1, 1)`)
  return db
}

describeServers('the facts of a violation', (server) => {
  it.each(['auto', 'never'] as const)('are complete with prepare: %s, first and prepared, whatever wrote the row', async (prepare) => {
    await using db = await notesDb(server, prepare)
    for (let id = 2; id < 7; id += 1) {
      expect(await failure(db.sql`insert into notes (id, body) values (${id}, 'a')`)).toMatchObject(told)
      expect(await failure(db.sql`insert into notes (id, body) values (${id}, ${null})`)).toMatchObject({
        table: 'notes',
        columns: ['body'],
      })
    }
    const texts: readonly (readonly [string, object])[] = [
      [`/* said */ INSERT \`notes\` (id, body) values (1, 'b')`, { constraint: 'PRIMARY', table: 'notes', columns: ['id'] }],
      [`insert into notes (id, body, once, size) values (3, lower('C'), 1, 1)`, { constraint: 'once_size', columns: ['once', 'size'] }],
      [`update notes as n set body = 'a' where id = 2`, told],
      [`update notes set size = 100`, { constraint: 'notes_small', table: 'notes' }],
      [`insert into notes (id) values (3)`, { code: 'db/not-null-violation', table: 'notes', columns: ['body'] }],
      [`insert into notes (id, body) values (3, 'longer than nine')`, { code: 'db/check-violation', table: 'notes', columns: ['body'] }],
      [`update notes set day = 'never'`, { code: 'db/check-violation', table: 'notes', columns: ['day'] }],
      [`update notes set size = 1000`, { code: 'db/check-violation', table: 'notes', columns: ['size'] }],
    ]
    await db.sql`insert into notes (id, body) values (2, 'b')`
    for (const [text, facts] of texts) expect([text, await failureOf(db, text)]).toMatchObject([text, facts])
  })

  it('are those of a table of another schema where that is named', async () => {
    await using db = await notesDb(server)
    const other = await server.open()
    const schema = new URL(other.url).pathname.slice(1)
    await db.script(`create table ${schema}.notes (id integer primary key, title integer, constraint notes_body unique (title))`)
    const error = await failureOf(db, `insert into \`${schema}\`.notes values (1, 1), (2, 1)`)
    expect(error).toMatchObject({ ...told, columns: ['title'] })
  })

  it('of a key that is called like a path are those of the key', async () => {
    await using db = await notesDb(server)
    await db.script('create table pointed (id integer, constraint `notes.body` unique (id))')
    expect(await failureOf(db, 'insert into pointed values (1), (1)')).toMatchObject({
      constraint: 'notes.body',
      table: 'pointed',
      columns: ['id'],
    })
  })

  it('come inside a transaction, which goes on, and out of a stream', async () => {
    await using db = await notesDb(server)
    await db.transaction(async () => {
      await db.sql`insert into notes (id, body) values (2, 'b')`
      expect(await failureOf(db, `insert into notes (id, body) values (3, 'b')`)).toMatchObject(told)
      await failure(
        db.transaction(async () => {
          await db.sql`insert into notes (id, body) values (4, 'd')`
          expect(await failure(db.sql.stream`insert into notes (id, body) values (5, 'd')`.next())).toMatchObject(told)
          throw new Error('undone')
        }),
      )
      await db.sql`insert into notes (id, body) values (6, 'f')`
    })
    expect(await db.sql`select id from notes order by id`).toEqual([{ id: 1 }, { id: 2 }, { id: 6 }])
  })

  it('are found without the transaction reading anything of its own: what it sees begins later', async () => {
    const space = await server.open()
    await using db = await notesDb({ ...server, open: async () => space })
    await using other = createDb(mysql({ url: space.url }))
    await db.transaction(async () => {
      expect(await failureOf(db, `insert into notes (id, body) values (2, 'a')`)).toMatchObject(told)
      await other.sql`insert into notes (id, body) values (3, 'c')`
      expect(await db.sql`select id from notes order by id`).toEqual([{ id: 1 }, { id: 3 }])
    })
  })

  it('of a key that a foreign key carried an update to are those of the message', async () => {
    await using db = await notesDb(server)
    await db.script(`create table replies (note integer, constraint replies_once unique (note),
        constraint replies_note foreign key (note) references notes (id) on update cascade);
      insert into replies values (1); set foreign_key_checks = 0; insert into replies values (2); set foreign_key_checks = 1`)
    const error = await failureOf(db, 'update notes set id = 2')
    expect(error).toBeInstanceOf(errors.UniqueViolation)
    expect(error).toMatchObject({ constraint: 'replies_once', table: 'replies', columns: [] })
  })

  it('claim nothing where the row may have been the one of another table', async () => {
    await using db = await notesDb(server)
    await db.script(`create table logged (id integer primary key, note integer);
      create trigger logging after insert on logged for each row insert into notes (id, body) values (1, 'x');
      create table plain (id integer primary key);
      create view seen as select id, body from notes;
      create function writing() returns integer begin insert into notes (id, body) values (1, 'y'); return 1; end;
      insert into plain values (1); insert into notes (id, body) values (2, 'b')`)
    const table = server.product === 'MySQL' ? 'notes' : undefined
    for (const [text, constraint] of [
      ['insert into logged values (1, 1)', 'PRIMARY'],
      ['insert into plain values (writing())', 'PRIMARY'],
      [`insert into seen values (3, 'a')`, 'notes_body'],
      [`update plain, notes set notes.id = 1 where notes.id = 2`, 'PRIMARY'],
    ] as const)
      expect([text, await failureOf(db, text)]).toMatchObject([text, { code: 'db/unique-violation', constraint, table, columns: [] }])
  })

  it('claim nothing of a temporary table, which hides another of its name', async () => {
    await using db = await notesDb(server)
    await db.transaction(async () => {
      await db.sql`create temporary table notes (id integer, other integer, constraint notes_body unique (other))`
      expect(await failureOf(db, 'insert into notes values (1, 1), (2, 1)')).toMatchObject({
        ...untold,
        ...(server.product === 'MySQL' && { table: 'notes' }),
      })
    })
  })

  it('claim nothing to an account that could not see a trigger', async () => {
    const space = await server.open()
    await using db = await notesDb({ ...server, open: async () => space })
    const url = new URL(space.url)
    const name = url.pathname.slice(1)
    const user = `${name}_u`.slice(-30)
    await db.script(`create user '${user}'@'%' identified by 'secret'; grant select, insert, update on ${name}.* to '${user}'@'%'`)
    Object.assign(url, { username: user, password: 'secret' })
    await using blind = createDb(mysql({ url: url.href }))
    const table = server.product === 'MySQL' ? 'notes' : undefined
    expect(await failureOf(blind, `insert into notes (id, body) values (2, 'a')`)).toMatchObject({ ...untold, table })
    await db.script(`grant trigger on ${name}.notes to '${user}'@'%'`)
    expect(await failureOf(blind, `insert into notes (id, body) values (2, 'a')`)).toMatchObject(told)
    await db.script(`drop user '${user}'@'%'`)
  })

  it('of a script are those of the message: nothing tells which statement it was', async () => {
    await using db = await notesDb(server)
    const error = await failure(db.script(`insert into notes (id, body) values (2, 'b'); insert into notes (id, body) values (3, 'a')`))
    expect(error).toMatchObject({ ...untold, ...(server.product === 'MySQL' && { table: 'notes' }) })
  })
})

describeServers('a look for the facts that fails', (server) => {
  const { query } = Wire.prototype
  const text = `insert into notes (id, body) values (2, 'a')`
  afterEach(() => {
    jest.restoreAllMocks()
  })

  function looking(look: (wire: Wire, sql: string) => ReturnType<Wire['query']>): void {
    jest.spyOn(Wire.prototype, 'query').mockImplementation(function (this: Wire, sql: string, asArray: boolean) {
      return sql.includes('information_schema') ? look(this, sql) : query.call(this, sql, asArray)
    })
  }

  it('leaves the first error, and the transaction as it is', async () => {
    await using db = await notesDb(server)
    looking((wire) => query.call(wire, 'select * from nowhere', false))
    await db.transaction(async () => {
      await db.sql`insert into notes (id, body) values (7, 'g')`
      const error = await failureOf(db, text)
      expect(error).toBeInstanceOf(errors.UniqueViolation)
      expect(error).toMatchObject({ constraint: 'notes_body', columns: [], statement: text })
    })
    expect(await db.sql`select id from notes where id = 7`).toEqual([{ id: 7 }])
  })

  it('leaves the first error when the connection is lost by it', async () => {
    await using db = await notesDb(server)
    looking((wire) => {
      const outcome = query.call(wire, 'select sleep(5)', false)
      void wire.destroy()
      return outcome
    })
    expect(await failureOf(db, text)).toMatchObject({ code: 'db/unique-violation', constraint: 'notes_body', columns: [] })
    expect(await db.sql`select 1 as one`).toEqual([{ one: 1 }])
  })

  it('leaves the first error when it is given up, or takes too long, and the connection is free again', async () => {
    await using holder = await temporaryDb(server, { cancelTimeout: '200ms', pool: { max: 1 } })
    const { db } = holder
    await db.sql`insert into notes (body) values ('a')`
    const statement = { text: `insert into notes (body) values ('a')`, params: [] }
    looking((wire) => query.call(wire, 'select sleep(20)', false))
    expect(await failure(db.execute(statement))).toMatchObject({ code: 'db/unique-violation', columns: [] })
    const controller = new AbortController()
    looking((wire) => {
      const outcome = query.call(wire, 'select sleep(20)', false)
      controller.abort(new Error('given up'))
      return outcome
    })
    expect(await failure(db.execute(statement, { signal: controller.signal }))).toMatchObject({ code: 'db/unique-violation', columns: [] })
    expect(await db.sql`select count(*) as n from notes`).toEqual([{ n: 1 }])
  })
})

describe('what is asked about a violation', () => {
  const text = 'insert into notes values (1)'

  it('is nothing where nothing is left out, or nothing is known', () => {
    expect(questionOf(new errors.UniqueViolation({ constraint: 'a', table: 'notes', columns: ['a'] }), text)).toBeUndefined()
    expect(questionOf(new errors.UniqueViolation(), text)).toBeUndefined()
    expect(questionOf(new errors.NotNullViolation(), text)).toBeUndefined()
    expect(questionOf(new errors.CheckViolation(), text)).toBeUndefined()
    expect(questionOf(new errors.ForeignKeyViolation({ constraint: 'a' }), text)).toBeUndefined()
    expect(questionOf(new errors.QueryFailed('it'), text)).toBeUndefined()
    expect(questionOf(new errors.UniqueViolation({ constraint: 'a', table: 'others' }), text)).toBeUndefined()
  })

  it('of MySQL, which names the table of a key and not of a check, is what is left', () => {
    const key = new errors.UniqueViolation({ constraint: 'by_a', table: 'notes', statement: text, cause: 'said' })
    expect(questionOf(key, text)?.answered([{ table: 'notes', column: 'a' }])).toMatchObject({
      ...{ constraint: 'by_a', table: 'notes', columns: ['a'], statement: text, cause: 'said' },
    })
    expect(questionOf(key, text)?.answered([{ table: 'notes', column: null }])).toMatchObject({ table: 'notes', columns: [] })
    expect(questionOf(key, text)?.answered([])).toBe(key)
    const check = new errors.CheckViolation({ constraint: 'small' })
    expect(questionOf(check, text)?.sql).toContain('table_constraints')
    expect(questionOf(check, text)?.answered([{ table: 'notes' }])).toMatchObject({ constraint: 'small', table: 'notes', columns: [] })
  })
})
