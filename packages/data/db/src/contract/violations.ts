import assert from 'node:assert/strict'
import { CheckViolation, ConstraintViolation, ForeignKeyViolation, NotNullViolation, QueryFailed, UniqueViolation } from '../errors.ts'
import { values } from '../fragment.ts'
import { assertSame, bodies, type DriverSubject, type TestApi, withTables } from './subject.ts'

async function failure(query: Promise<unknown>): Promise<unknown> {
  try {
    await query
  } catch (error) {
    return error
  }
  return assert.fail('The query did not fail.')
}

type ViolationClass = new () => ConstraintViolation

interface Told {
  readonly constraint?: string
  readonly table: string
  /** In the order of the key. Absent: nothing is asked of the engine. */
  readonly columns?: readonly string[]
}

function assertTold(error: unknown, violation: ViolationClass, { constraint, table, columns }: Told): asserts error is ConstraintViolation {
  assert.ok(error instanceof violation)
  assert.equal(error.table, table)
  if (constraint !== undefined) assert.equal(error.constraint, constraint)
  if (columns) assertSame(error.columns, columns)
}

export function violationCases({ it }: TestApi, subject: DriverSubject): void {
  it('names what a unique violation is about, and keeps SQL and values out of its message', () =>
    withTables(subject, async (db) => {
      await db.sql`insert into notes ${values({ id: 1, body: 'the value' })}`
      const error = await failure(db.sql`insert into notes ${values({ id: 2, body: 'the value' })}`)
      assertTold(error, UniqueViolation, { constraint: 'notes_body', table: 'notes', columns: ['body'] })
      assert.equal(error.code, 'db/unique-violation')
      assert.equal(error.statusCode, 409)
      assert.doesNotMatch(error.message, /the value|insert|notes/)
    }))

  it('takes a primary key used twice for a unique violation', () =>
    withTables(subject, async (db) => {
      await db.sql`insert into notes ${values({ id: 1, body: 'a' })}`
      const error = await failure(db.sql`insert into notes ${values({ id: 1, body: 'b' })}`)
      assertTold(error, UniqueViolation, { table: 'notes', columns: ['id'] })
    }))

  it('tells the other violations apart, and what each is about', () =>
    withTables(subject, async (db) => {
      const missing = { table: 'notes', columns: ['body'] }
      assertTold(await failure(db.sql`insert into notes ${values({ id: 1, body: null })}`), NotNullViolation, missing)
      assertTold(await failure(db.sql`insert into notes ${values({ id: 1 })}`), NotNullViolation, missing)
      const low = await failure(db.sql`insert into notes ${values({ id: 1, body: 'a', priority: 0 })}`)
      assertTold(low, CheckViolation, { constraint: 'notes_priority', table: 'notes' })
      await db.sql`insert into notes ${values({ id: 1, body: 'a' })}`
      const lowered = await failure(db.sql`update notes set priority = 0`)
      assertTold(lowered, CheckViolation, { constraint: 'notes_priority', table: 'notes' })
      await db.sql`insert into replies ${values({ id: 1, note: 1 })}`
      const reply = { constraint: 'replies_note', table: 'replies', columns: ['note'] }
      assertTold(await failure(db.sql`insert into replies ${values({ id: 2, note: 99 })}`), ForeignKeyViolation, reply)
      assertTold(await failure(db.sql`update replies set note = 99`), ForeignKeyViolation, reply)
      assertTold(await failure(db.sql`delete from notes`), ForeignKeyViolation, reply)
      assertTold(await failure(db.sql`update notes set id = 2`), ForeignKeyViolation, reply)
    }))

  it('tells what a violation is about when its statement is used again and again, and out of a stream', () =>
    withTables(subject, async (db) => {
      await db.sql`insert into notes ${values({ id: 1, body: 'a' })}`
      const told = { constraint: 'notes_body', table: 'notes', columns: ['body'] }
      for (let id = 2; id < 8; id += 1)
        assertTold(await failure(db.sql`insert into notes ${values({ id, body: 'a' })}`), UniqueViolation, told)
      const streamed = db.transaction(() => db.sql.stream`insert into notes ${values({ id: 9, body: 'a' })}`.next())
      assertTold(await failure(streamed), UniqueViolation, told)
      assertSame(await bodies(db), ['a'])
    }))

  it('takes what `on delete restrict` refuses for a foreign key violation', () =>
    withTables(subject, async (db) => {
      await db.script('create table boards (id integer primary key)')
      await db.script(`create table pins (id integer primary key, board integer not null,
        constraint pins_board foreign key (board) references boards (id) on delete restrict on update restrict)`)
      await db.sql`insert into boards ${values({ id: 1 })}`
      await db.sql`insert into pins ${values({ id: 1, board: 1 })}`
      const told = { constraint: 'pins_board', table: 'pins', columns: ['board'] }
      assertTold(await failure(db.sql`delete from boards`), ForeignKeyViolation, told)
      assertTold(await failure(db.sql`update boards set id = 2`), ForeignKeyViolation, told)
    }))

  it('reports anything else as a failed query with the statement beside the message', () =>
    withTables(subject, async (db) => {
      for (const text of ['selec 1', 'select * from nowhere']) {
        const error = await failure(db.execute({ text, params: [] }))
        assert.ok(error instanceof QueryFailed)
        assert.ok(!(error instanceof ConstraintViolation))
        assert.equal(error.statusCode, 500)
        assert.equal(error.statement, text)
      }
    }))
}
