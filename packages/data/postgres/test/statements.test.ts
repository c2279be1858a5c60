import { type Database, errors } from '@covet/db'
import { failure } from '@covet/testing'
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals'
import { describeWith } from '@covet-workspace/tooling/services/jest'
import { notesDb, type Open } from './support/databases.ts'

interface Named {
  name: string
  statement: string
}

describeWith('postgres', 'statements', (open: Open) => {
  let db: Database
  beforeAll(async () => {
    db = await notesDb(open, { pool: { max: 1 }, statementCache: 8 })
  })
  afterAll(() => db.close())

  const run = async (text: string, params: readonly unknown[] = []): Promise<unknown[]> => (await db.execute({ text, params })).rows
  const prepared = async (like: string): Promise<readonly Named[]> => {
    const rows = await db.sql<Named>`select name, statement from pg_prepared_statements`
    return rows.filter(({ statement }) => statement.includes(like))
  }

  /** As a pooler does: where the text does not tell, or the connection would be replaced. */
  const deallocate = async (own: Database): Promise<void> => {
    await own.script(`create function deallocate_all() returns void language plpgsql as
      $$ begin execute 'deallocate all'; end $$`)
    await own.sql`select deallocate_all()`
  }

  it('P9 are prepared with their third use, and read the same', async () => {
    const text = 'select $1::integer + 1 as sum, $2::text as third_use'
    for (const known of [0, 0, 1, 1]) {
      expect(await run(text, [known, 'a'])).toEqual([{ sum: known + 1, third_use: 'a' }])
      expect(await prepared('third_use')).toHaveLength(known)
    }
    const { rows } = await db.execute({ text, params: [4, null], rowMode: 'array' })
    expect(rows).toEqual([[5, null]])
  })

  it('P9 are bounded: the server forgets the ones that were not used for long', async () => {
    for (let round = 0; round < 3; round += 1) for (let n = 0; n < 40; n += 1) await run(`select ${n} as bounded`)
    for (let round = 0; round < 3; round += 1) await run('select 99 as bounded')
    expect((await prepared('')).length).toBeLessThanOrEqual(8)
    for (let n = 0; n < 40; n += 1) expect(await run(`select ${n} as bounded`)).toEqual([{ bounded: n }])
  })

  it('that return no rows are prepared too', async () => {
    for (let id = 1; id <= 5; id += 1) {
      expect(await db.execute({ text: 'insert into notes (id, body) values ($1, $2)', params: [id, `n${id}`] })).toEqual({
        rows: [],
        changes: 1,
      })
    }
    await db.sql`delete from notes`
  })

  it('that fail when they become prepared can be run again', async () => {
    const text = 'insert into notes (id, body) values ($1::integer, $1::integer::text) returning id'
    await run(text, [1])
    await run(text, [2])
    for (let n = 0; n < 3; n += 1) expect(await failure(run(text, [1]))).toBeInstanceOf(errors.UniqueViolation)
    expect(await run(text, [3])).toEqual([{ id: 3 }])
    for (let n = 0; n < 3; n += 1) expect(await failure(run('selec never'))).toBeInstanceOf(errors.QueryFailed)
    expect(await prepared('selec never')).toEqual([])
    await db.sql`delete from notes`
  })

  it('trap 11, P11: a statement prepared for an old shape of its table is prepared again', async () => {
    await db.script('create table changing (a integer); insert into changing values (1)')
    const text = 'select a from changing'
    for (let n = 0; n < 4; n += 1) await run(text)
    await db.script(`alter table changing alter column a type text using 'was ' || a`)
    expect(await run(text)).toEqual([{ a: 'was 1' }])
    await db.script('alter table changing add column b integer default 2')
    for (let n = 0; n < 4; n += 1) await run('select * from changing')
    await db.script('alter table changing drop column a')
    expect(await run('select * from changing')).toEqual([{ b: 2 }])
  })

  it('trap 11, P11: inside a transaction the change is an error that `retry` runs again after', async () => {
    await db.script('create table changing_inside (a integer); insert into changing_inside values (1)')
    const text = 'select a from changing_inside'
    for (let n = 0; n < 4; n += 1) await run(text)
    await db.script('alter table changing_inside alter column a type text')
    const outcome = db.transaction(() => run(text))
    await expect(outcome).rejects.toBeInstanceOf(errors.SchemaChanged)
    await expect(outcome).rejects.toMatchObject({ retryable: true, statement: text })
    for (let n = 0; n < 4; n += 1) expect(await run(text)).toEqual([{ a: '1' }])
    await db.script('alter table changing_inside alter column a type integer using a::integer')
    let runs = 0
    const again = async (): Promise<unknown[]> => {
      runs += 1
      return run(text)
    }
    expect(await db.transaction(again, { retry: 1 })).toEqual([{ a: 1 }])
    expect(runs).toBe(2)
  })

  it('that somebody deallocated are run again without a name, and said so once', async () => {
    const own = await notesDb(open, { pool: { max: 1 } })
    const text = 'select 1 as deallocated'
    for (let n = 0; n < 4; n += 1) await own.sql.run`select 1 as deallocated`
    const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    await deallocate(own)
    expect((await own.execute({ text, params: [] })).rows).toEqual([{ deallocated: 1 }])
    for (let n = 0; n < 4; n += 1) await own.execute({ text, params: [] })
    expect(emitWarning.mock.calls).toEqual([
      [expect.stringContaining("`prepare: 'never'`"), { type: 'CovetDatabaseWarning', code: 'postgres/pooler' }],
    ])
    emitWarning.mockRestore()
    expect(await own.sql`select name from pg_prepared_statements`).toEqual([])
    await own.close()
  })

  it('that a text deallocates are gone with their connection, and prepared on the next', async () => {
    const own = await notesDb(open, { pool: { max: 1 } })
    const text = 'select 1 as deallocated'
    const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    for (let round = 0; round < 2; round += 1) {
      for (let n = 0; n < 4; n += 1) expect((await own.execute({ text, params: [] })).rows).toEqual([{ deallocated: 1 }])
      expect(await own.sql`select statement from pg_prepared_statements where statement = ${text}`).toHaveLength(1)
      await own.sql`deallocate all`
    }
    expect(emitWarning).not.toHaveBeenCalled()
    emitWarning.mockRestore()
    await own.close()
  })

  it('that somebody deallocated inside a transaction lose it, and may be retried', async () => {
    const own = await notesDb(open, { pool: { max: 1 } })
    const text = 'select 1 as deallocated'
    for (let n = 0; n < 4; n += 1) await own.execute({ text, params: [] })
    await deallocate(own)
    const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    let runs = 0
    const work = async (): Promise<unknown> => {
      runs += 1
      return (await own.execute({ text, params: [] })).rows
    }
    expect(await own.transaction(work, { retry: 1 })).toEqual([{ deallocated: 1 }])
    expect(runs).toBe(2)
    emitWarning.mockRestore()
    await own.close()
  })

  it('of a pooler that another connection met are not prepared here any more', async () => {
    const own = await notesDb(open, { pool: { max: 2 } })
    const text = 'select 1 as met, pg_sleep(0.01)::text as slept'
    const both = (): Promise<unknown> => Promise.all([1, 2].map(() => own.execute({ text, params: [] })))
    for (let n = 0; n < 4; n += 1) await both()
    const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    await deallocate(own)
    await both()
    await both()
    expect(emitWarning).toHaveBeenCalledTimes(1)
    emitWarning.mockRestore()
    await own.close()
  })

  it('by the user’s own names are the user’s own matter', async () => {
    for (let n = 0; n < 4; n += 1)
      expect(await failure(run('deallocate nothing_of_this_name'))).toMatchObject({ message: expect.stringContaining('26000') })
    for (let n = 0; n < 4; n += 1) await run('select 1 as still_prepared')
    expect(await prepared('still_prepared')).toHaveLength(1)
  })

  it('tell what they changed', async () => {
    expect(await db.sql.run`insert into notes (id, body) values (1, 'a'), (2, 'b')`).toEqual({ changes: 2 })
    expect(await db.sql.run`update notes set body = body || '!' returning id`).toEqual({ changes: 2 })
    expect(
      await db.sql.run`merge into notes n using (values (2), (3)) v (id) on n.id = v.id
      when matched then delete when not matched then insert values (v.id, 'c')`,
    ).toEqual({ changes: 2 })
    expect(await db.sql.run`with gone as (delete from notes returning id) select * from gone`).toEqual({ changes: 0 })
    expect(await db.sql.run`create table created as select 1 as a`).toEqual({ changes: 0 })
  })

  it('are one at a time: what comes after a semicolon is refused, in a script it is not', async () => {
    const error = await failure(run('select 1; delete from notes'))
    expect(error).toBeInstanceOf(errors.QueryFailed)
    expect(error).toMatchObject({ message: expect.stringContaining('use db.script') })
    await db.script('select 1; select 2;')
    expect(await run(' -- nothing')).toEqual([])
    expect(await run('select 1;')).toEqual([{ '?column?': 1 }])
  })

  it('with a NUL, which would end the text in the protocol, are refused', async () => {
    await expect(run('select 1 \0; delete from notes')).rejects.toThrow('NUL')
    await expect(db.script('select 1 \0')).rejects.toThrow('NUL')
    await expect(run('select $1::text', ['a\0b'])).rejects.toBeInstanceOf(errors.QueryFailed)
  })

  it('that would copy from or to the client are refused, and leave the connection usable', async () => {
    expect(await failure(run('copy notes from stdin'))).toMatchObject({ message: expect.stringContaining('COPY FROM STDIN') })
    await db.sql`insert into notes values (1, 'a')`
    expect(await failure(run('copy notes to stdout'))).toBeInstanceOf(errors.QueryFailed)
    expect(await failure(db.script('copy notes from stdin'))).toBeInstanceOf(errors.QueryFailed)
    expect(await run('select 1 as one')).toEqual([{ one: 1 }])
  })

  it('in a script outside of a transaction are one transaction, unless they say otherwise', async () => {
    await db.sql`delete from notes`
    await failure(db.script(`insert into notes values (1, 'a'); insert into notes values (1, 'b')`))
    expect(await run('select * from notes')).toEqual([])
    await db.script(`begin; insert into notes values (1, 'a'); commit; insert into notes values (2, 'b')`)
    expect(await run('select * from notes')).toHaveLength(2)
    await expect(db.script('begin; select 1')).rejects.toBeInstanceOf(errors.UnbalancedScriptError)
    await db.sql`delete from notes`
  })
})
