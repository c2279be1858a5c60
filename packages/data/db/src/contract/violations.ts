import assert from 'node:assert/strict'
import { CheckViolation, ConstraintViolation, ForeignKeyViolation, NotNullViolation, QueryFailed, UniqueViolation } from '../errors.ts'
import { values } from '../fragment.ts'
import { assertSame, type DriverSubject, type TestApi, withTables } from './subject.ts'

async function failure(query: Promise<unknown>): Promise<unknown> {
  try {
    await query
  } catch (error) {
    return error
  }
  return assert.fail('The query did not fail.')
}

export function violationCases({ it }: TestApi, subject: DriverSubject): void {
  it('names what a unique violation is about, and keeps SQL and values out of its message', () =>
    withTables(subject, async (db) => {
      await db.sql`insert into notes ${values({ id: 1, body: 'the value' })}`
      const error = await failure(db.sql`insert into notes ${values({ id: 2, body: 'the value' })}`)
      assert.ok(error instanceof UniqueViolation)
      assert.equal(error.code, 'db/unique-violation')
      assert.equal(error.statusCode, 409)
      if (subject.violations.unique.includes('table')) assert.equal(error.table, 'notes')
      if (subject.violations.unique.includes('columns')) assertSame(error.columns, ['body'])
      if (subject.violations.unique.includes('constraint')) assert.ok(error.constraint)
      assert.doesNotMatch(error.message, /the value|insert|notes/)
    }))

  it('takes a primary key used twice for a unique violation', () =>
    withTables(subject, async (db) => {
      await db.sql`insert into notes ${values({ id: 1, body: 'a' })}`
      assert.ok((await failure(db.sql`insert into notes ${values({ id: 1, body: 'b' })}`)) instanceof UniqueViolation)
    }))

  it('tells the other violations apart', () =>
    withTables(subject, async (db) => {
      assert.ok((await failure(db.sql`insert into notes ${values({ id: 1, body: null })}`)) instanceof NotNullViolation)
      const check = await failure(db.sql`insert into notes ${values({ id: 1, body: 'a', priority: 0 })}`)
      assert.ok(check instanceof CheckViolation)
      if (subject.violations.check.includes('constraint')) assert.equal(check.constraint, 'notes_priority')
      assert.ok((await failure(db.sql`insert into replies ${values({ id: 1, note: 99 })}`)) instanceof ForeignKeyViolation)
      await db.sql`insert into notes ${values({ id: 1, body: 'a' })}`
      await db.sql`insert into replies ${values({ id: 1, note: 1 })}`
      assert.ok((await failure(db.sql`delete from notes`)) instanceof ForeignKeyViolation)
    }))

  it('takes what `on delete restrict` refuses for a foreign key violation', () =>
    withTables(subject, async (db) => {
      await db.script(`create table pins (id integer primary key, note integer not null,
        constraint pins_note foreign key (note) references notes (id) on delete restrict on update restrict)`)
      await db.sql`insert into notes ${values({ id: 1, body: 'a' })}`
      await db.sql`insert into pins ${values({ id: 1, note: 1 })}`
      assert.ok((await failure(db.sql`delete from notes`)) instanceof ForeignKeyViolation)
      assert.ok((await failure(db.sql`update notes set id = 2`)) instanceof ForeignKeyViolation)
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
