import { setTimeout as pause } from 'node:timers/promises'
import { createDb, type Database, errors } from '@covet/db'
import { eventually, failure } from '@covet/testing'
import { expect, it } from '@jest/globals'
import { errors as mysqlErrors, mysql } from '../src/index.ts'
import { bodies, connectionId, describeServers, openTransactions, temporaryDb } from './support/servers.ts'

describeServers('a transaction', (server) => {
  it('T5, trap 5: that lost the wait for a lock cannot commit the rest, which the server would do', async () => {
    await using holder = await temporaryDb(server, { lockTimeout: 1 })
    const { db, url } = holder
    await using other = createDb(mysql({ url }))
    await db.sql`insert into notes (body) values ('locked')`
    await other.transaction(async () => {
      await other.sql`update notes set views = 1 where id = 1`
      const seen: unknown[] = []
      const outcome = db.transaction(async () => {
        await db.sql`insert into notes (body) values ('before')`
        seen.push(await failure(db.sql`update notes set views = 2 where id = 1`))
        seen.push(await failure(db.sql`insert into notes (body) values ('after')`))
      })
      await expect(outcome).rejects.toBeInstanceOf(errors.TransactionAborted)
      expect(seen).toEqual([expect.any(errors.LockTimeout), expect.any(errors.TransactionAborted)])
    })
    expect(await bodies(db)).toEqual(['locked'])
    await db.transaction(() => db.sql`insert into notes (body) values ('later')`)
    expect(await bodies(db)).toEqual(['locked', 'later'])
  })

  it('T5 goes on after the wait was lost in a nested one, which is undone as a whole', async () => {
    await using holder = await temporaryDb(server, { lockTimeout: 1 })
    const { db, url } = holder
    await using other = createDb(mysql({ url }))
    await db.sql`insert into notes (body) values ('locked')`
    await other.transaction(async () => {
      await other.sql`update notes set views = 1 where id = 1`
      await db.transaction(async () => {
        await db.sql`insert into notes (body) values ('outer')`
        const nested = db.transaction(async () => {
          await db.sql`insert into notes (body) values ('nested')`
          await db.sql`update notes set views = 2 where id = 1`
        })
        await expect(nested).rejects.toBeInstanceOf(errors.LockTimeout)
        await db.sql`insert into notes (body) values ('later')`
      })
    })
    expect((await bodies(db)).toSorted()).toEqual(['later', 'locked', 'outer'])
  })

  it('DB-9 runs again after a deadlock until both have committed, and calls their hooks once', async () => {
    await using holder = await temporaryDb(server)
    const { db } = holder
    await db.sql`insert into notes (body) values ('a'), ('b')`
    let runs = 0
    let hooks = 0
    let holding = 0
    const bothHold = Promise.withResolvers<void>()
    const update = (first: string, second: string): Promise<void> =>
      db.transaction(
        async () => {
          runs += 1
          db.afterCommit(() => (hooks += 1))
          await db.sql`update notes set views = views + 1 where body = ${first}`
          holding += 1
          if (holding === 2) bothHold.resolve()
          await bothHold.promise
          await db.sql`update notes set views = views + 1 where body = ${second}`
        },
        { retry: 3 },
      )
    await Promise.all([update('a', 'b'), update('b', 'a')])
    expect(runs).toBeGreaterThanOrEqual(3)
    expect(hooks).toBe(2)
    expect(await db.sql`select views from notes`).toEqual([{ views: 2 }, { views: 2 }])
  })

  it('trap 1: that the server ended for a deadlock is seen as over, so that nothing of it commits by itself', async () => {
    await using holder = await temporaryDb(server)
    const { db } = holder
    await db.sql`insert into notes (body) values ('a'), ('b')`
    let holding = 0
    const bothHold = Promise.withResolvers<void>()
    const careless = (first: string, second: string): Promise<void> =>
      db.transaction(async () => {
        await db.sql`update notes set views = views + 1 where body = ${first}`
        holding += 1
        if (holding === 2) bothHold.resolve()
        await bothHold.promise
        await failure(db.sql`update notes set views = views + 1 where body = ${second}`)
        await failure(db.sql`insert into notes (body) values (${`after ${first}`})`)
      })
    const outcomes = await Promise.allSettled([careless('a', 'b'), careless('b', 'a')])
    const rejected = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(rejected.map(({ reason }) => reason as unknown)).toEqual([expect.any(errors.TransactionAborted)])
    expect(await db.sql`select views from notes where body in ('a', 'b')`).toEqual([{ views: 1 }, { views: 1 }])
    expect(await bodies(db)).toHaveLength(3)
  })

  it('T10 refuses what would commit it, in a statement and in a script', async () => {
    await using holder = await temporaryDb(server)
    const { db } = holder
    const outcome = db.transaction(async () => {
      await db.sql`insert into notes (body) values ('A')`
      await expect(db.sql`create table other (id int)`).rejects.toMatchObject({ code: 'db/implicit-commit' })
      await expect(db.sql`truncate notes`).rejects.toBeInstanceOf(errors.ImplicitCommit)
      await expect(db.script(`insert into notes (body) values ('B'); drop table notes`)).rejects.toBeInstanceOf(errors.ImplicitCommit)
      await db.sql`create temporary table scratch (id int)`
      throw new Error('rolled back')
    })
    await expect(outcome).rejects.toThrow('rolled back')
    expect(await bodies(db)).toEqual([])
  })

  it('T10 is begun again with its savepoints after a commit that allowImplicitCommit lets through', async () => {
    await using holder = await temporaryDb(server, { allowImplicitCommit: true })
    const { db } = holder
    const outcome = db.transaction(async () => {
      await db.sql`insert into notes (body) values ('kept')`
      await db.transaction(async () => {
        await db.sql`alter table notes add column extra int`
        await db.sql`insert into notes (body) values ('undone')`
      })
      throw new Error('rolled back')
    })
    await expect(outcome).rejects.toThrow('rolled back')
    expect(await bodies(db)).toEqual(['kept'])
    const undone = db.transaction(async () => {
      const nested = db.transaction(async () => {
        await db.sql`alter table notes drop column extra`
        await db.sql`insert into notes (body) values ('nested')`
        throw new Error('nested')
      })
      await expect(nested).rejects.toThrow('nested')
      await db.sql`insert into notes (body) values ('outer')`
    })
    await undone
    expect(await bodies(db)).toEqual(['kept', 'outer'])
    // A script is wrapped in a savepoint, which the commit takes away.
    await expect(db.transaction(() => db.script('create table other (id int)'))).rejects.toBeInstanceOf(errors.DatabaseError)
    await db.transaction(() => db.sql`drop table if exists other`)
    expect(await bodies(db)).toEqual(['kept', 'outer'])
  })

  it('stops where a procedure committed it', async () => {
    await using holder = await temporaryDb(server)
    const { db } = holder
    await db.script('create procedure commits() begin commit; end')
    const outcome = db.transaction(async () => {
      await db.sql`insert into notes (body) values ('A')`
      await expect(db.sql`call commits()`).rejects.toBeInstanceOf(mysqlErrors.TransactionEndedError)
      await failure(db.sql`insert into notes (body) values ('B')`)
    })
    await expect(outcome).rejects.toBeInstanceOf(errors.TransactionAborted)
    expect(await bodies(db)).toEqual(['A'])
  })

  it('T7 is repeatable read unless it asks for another level, and sees what others commit where it asks for that', async () => {
    await using holder = await temporaryDb(server)
    const { db } = holder
    expect(db.defaultIsolation).toBe('repeatable read')
    const counts = (isolation?: 'read committed'): Promise<number[]> =>
      db.transaction(async () => {
        const before = (await bodies(db)).length
        await db.detached(() => db.sql`insert into notes (body) values (${`${before} of ${isolation}`})`)
        return [before, (await bodies(db)).length]
      }, isolation && { isolation })
    expect(await counts()).toEqual([0, 0])
    expect(await counts('read committed')).toEqual([1, 2])
    await expect(db.transaction(async () => 1, { isolation: 'read committed; drop table notes' as 'serializable' })).rejects.toThrow()
    expect(await bodies(db)).toHaveLength(2)
  })

  it('trap 2, trap 3: takes its siblings in turn, and nothing of it runs on a connection of somebody else', async () => {
    await using holder = await temporaryDb(server, { pool: { max: 1 } })
    const { db } = holder
    const late = Promise.withResolvers<void>()
    let dangling: Promise<unknown> | undefined
    await db.transaction(async () => {
      const siblings = [1, 2, 3].map((id) =>
        db.transaction(async () => {
          await db.sql`insert into notes (id, body) values (${id}, ${String(id)})`
          await pause(1)
          if (id === 2) throw new Error('second')
        }),
      )
      await Promise.allSettled(siblings)
      dangling = late.promise.then(() => db.sql`insert into notes (body) values ('dangling')`)
    })
    late.resolve()
    await expect(dangling).rejects.toBeInstanceOf(errors.TransactionClosed)
    expect(await bodies(db)).toEqual(['1', '3'])
  })

  it('DB-7 never stays open behind an error, a thousand times', async () => {
    await using holder = await temporaryDb(server, { pool: { max: 3 } })
    const { db } = holder
    const attempts = Array.from({ length: 1_000 }, (_, id) =>
      failure(
        db.transaction(async () => {
          await db.sql`insert into notes (body) values (${`attempt ${id}`})`
          throw new Error('between acquire and release')
        }),
      ),
    )
    const outcomes = await Promise.all(attempts)
    expect(outcomes.every((error) => (error as Error).message === 'between acquire and release')).toBe(true)
    expect((await db.health())[0]).toMatchObject({ pools: { writer: { total: 3, idle: 3 } } })
    expect(await openTransactions(db)).toBe(0)
    expect(await bodies(db)).toEqual([])
  })

  it('DB-4 of 50 requests rolls back beside 50 requests that have none, while the server has all 50 open', async () => {
    await using holder = await temporaryDb(server, { pool: { max: 60 } })
    const { db } = holder
    const { promise: end, resolve } = Promise.withResolvers<void>()
    const inside = Array.from({ length: 50 }, (_, id) =>
      db.run(() =>
        db.transaction(async () => {
          await db.sql`insert into notes (id, body) values (${1 + id}, ${`inside ${id}`})`
          await end
          throw new Error(`rolled back ${id}`)
        }),
      ),
    )
    const uncommitted = async (): Promise<number> => (await db.transaction(() => bodies(db), { isolation: 'read uncommitted' })).length
    await eventually(async () => expect(await uncommitted()).toBe(50))
    expect(await bodies(db)).toEqual([])
    const outside = Array.from({ length: 50 }, (_, id) =>
      db.run(() => db.sql.run`insert into notes (id, body) values (${101 + id}, ${`outside ${id}`})`),
    )
    expect(await Promise.all(outside)).toMatchObject(Array.from({ length: 50 }, () => ({ changes: 1 })))
    const plain = Array.from({ length: 50 }, (_, id) => `outside ${id}`)
    expect(await bodies(db)).toEqual(plain)
    expect(await uncommitted()).toBe(100)
    resolve()
    const outcomes = await Promise.allSettled(inside)
    expect(outcomes).toMatchObject(Array.from({ length: 50 }, (_, id) => ({ reason: { message: `rolled back ${id}` } })))
    expect(await bodies(db)).toEqual(plain)
    expect(await openTransactions(db)).toBe(0)
  })
})

describeServers('the session', (server) => {
  it('trap 10: is strict and in UTC, whatever the server is set to', async () => {
    await using holder = await temporaryDb(server, { lockTimeout: '2s', statementTimeout: '1.5s', idleInTransactionTimeout: '3s' })
    const { db } = holder
    const [row] = await db.sql<Record<string, unknown>>`select @@sql_mode as mode, @@time_zone as zone, @@innodb_lock_wait_timeout as locks,
      @@lock_wait_timeout as metadata, @@character_set_client as charset, @@autocommit as autocommit`
    expect(row).toMatchObject({ zone: '+00:00', locks: 2, metadata: 2, charset: 'utf8mb4', autocommit: 1 })
    expect(String(row?.['mode']).split(',').toSorted()).toEqual(
      expect.arrayContaining([
        'ERROR_FOR_DIVISION_BY_ZERO',
        'NO_ENGINE_SUBSTITUTION',
        'NO_ZERO_DATE',
        'NO_ZERO_IN_DATE',
        'ONLY_FULL_GROUP_BY',
        'STRICT_TRANS_TABLES',
      ]),
    )
    await expect(db.sql`select body, count(*) from notes group by views`).rejects.toBeInstanceOf(errors.QueryFailed)
    if (server.product === 'MySQL') return
    expect(await db.sql`select @@max_statement_time as statement, @@idle_transaction_timeout as idle`).toEqual([
      { statement: 1.5, idle: 3 },
    ])
  })

  it.each([`set sql_mode = 'ANSI_QUOTES'`, `set names latin1`, `set time_zone = '+05:00'`, `set @@session.character_set_client = 'gbk'`])(
    'SQL-01 ends when a statement changes what escaping and dates rest on: %s',
    async (text) => {
      await using holder = await temporaryDb(server, { pool: { max: 1 } })
      const { db } = holder
      const before = await connectionId(db)
      await expect(db.execute({ text, params: [] })).rejects.toBeInstanceOf(mysqlErrors.SessionSettingError)
      expect(await db.sql`select ${`"'\\`} as text`).toEqual([{ text: `"'\\` }])
      expect(await connectionId(db)).not.toBe(before)
    },
  )

  it('is left to its user alone when he changes another setting, a database among them', async () => {
    await using holder = await temporaryDb(server, { pool: { max: 1 } })
    const { db } = holder
    const limit = async (): Promise<unknown> => (await db.sql`select @@group_concat_max_len as bytes`)[0]
    const before = await limit()
    await db.transaction(async () => {
      await db.sql`set session group_concat_max_len = 5`
      expect(await limit()).toEqual({ bytes: 5 })
    })
    expect(await limit()).toEqual(before)
    await db
      .transaction(async () => {
        await db.sql`set session group_concat_max_len = 5`
        await expect(db.sql`set sql_mode = ''`).rejects.toBeInstanceOf(mysqlErrors.SessionSettingError)
        throw new Error('lost')
      })
      .catch(() => undefined)
    await db.sql`use information_schema`
    expect(await bodies(db)).toEqual([])
    await db.script('set foreign_key_checks = 0; set unique_checks = 0')
    expect(await db.sql`select @@foreign_key_checks as keys_checked`).toEqual([{ keys_checked: 1 }])
  })

  it('SQL-01 is set back at once after a script, one that failed half-way too', async () => {
    await using holder = await temporaryDb(server, { pool: { max: 1 } })
    const { db } = holder
    const id = await connectionId(db)
    const hostile = `\\' or 1 = 1 -- `
    await db.transaction(async () => {
      for (const script of [`set sql_mode = 'NO_BACKSLASH_ESCAPES'; nonsense`, `set sql_mode = 'NO_BACKSLASH_ESCAPES'`]) {
        await failure(db.script(script))
        expect(await db.sql`select ${hostile} as text`).toEqual([{ text: hostile }])
      }
      expect(await connectionId(db)).toBe(id)
      await expect(db.script('set autocommit = 0')).rejects.toBeInstanceOf(errors.ImplicitCommit)
    })
    expect(await connectionId(db)).not.toBe(id)
  })

  it.each<[string, (db: Database) => Promise<unknown>]>([
    ['a temporary table', (db) => db.transaction(() => db.sql`create temporary table kept (id int)`)],
    ['a temporary table of a script', (db) => db.script('create temporary table kept (id int)')],
    ['locks on tables', (db) => db.sql`lock tables notes write`],
    ['locks on tables of a script that failed', (db) => failure(db.script('lock tables notes write; nonsense'))],
    ['a user variable', (db) => db.transaction(() => db.sql`set @kept = 1`)],
    ['a user variable of a query', (db) => db.sql`select @kept := id from (select 1 as id) as ids`],
    ['a user variable of a stream', async (db) => (await db.sql.stream`select 1 into @kept`.next()).done],
    ['a named lock', (db) => db.sql`select get_lock('kept', 0)`],
    ['a prepared statement', (db) => db.sql`prepare kept from 'select 1'`],
    ['a handler', (db) => db.sql`handler notes open as kept`],
  ])('ends with its user, who leaves %s', async (_, leave) => {
    await using holder = await temporaryDb(server, { pool: { max: 1 } })
    const { db, url } = holder
    await using other = createDb(mysql({ url, lockTimeout: 1 }))
    const before = await connectionId(db)
    await leave(db)
    expect(await db.sql`select @kept as kept`).toEqual([{ kept: null }])
    for (const text of ['select * from kept', 'execute kept', 'handler kept read first'])
      expect(await failure(db.execute({ text, params: [] }))).toBeInstanceOf(errors.QueryFailed)
    await other.sql`insert into notes (body) values ('not locked')`
    expect(await other.sql`select is_free_lock('kept') as free`).toEqual([{ free: 1 }])
    expect(await connectionId(db)).not.toBe(before)
    expect(await db.health()).toMatchObject([{ state: 'up', pools: { writer: { max: 1, total: 1, idle: 1 } } }])
  })

  it('serves its user to the end of the transaction that made a temporary table', async () => {
    await using holder = await temporaryDb(server, { pool: { max: 1 } })
    const { db } = holder
    const read = await db.transaction(async () => {
      await db.sql`create temporary table mine (id int)`
      await db.sql`set @first = ${7}`
      await db.sql`insert into mine values (@first)`
      await db.sql`insert into notes (body) values ('kept')`
      return db.sql`select id from mine`
    })
    expect(read).toEqual([{ id: 7 }])
    expect(await bodies(db)).toEqual(['kept'])
  })

  it('is kept over everything else', async () => {
    await using holder = await temporaryDb(server, { pool: { max: 1 } })
    const { db } = holder
    const id = await connectionId(db)
    await db.sql`insert into notes (body) values ('A')`
    await db.script(`insert into notes (body) values ('B'); update notes set views = 1; create table other (id int); drop table other`)
    for (const isolation of ['read uncommitted', 'read committed', 'serializable'] as const) {
      await db.transaction(() => db.transaction(() => db.sql`update notes set views = views + 1`), { isolation })
    }
    await failure(db.sql`insert into notes (body) values ('A')`)
    for await (const _ of db.sql.stream`select * from notes`) continue
    await db.sql`select @never as unset, @@sql_mode as mode, is_free_lock('a') as free`
    await db.sql`update notes set views = coalesce(@never, views) where body = 'A' or @never = 1`
    expect(await connectionId(db)).toBe(id)
  })

  it('trap 14: of a transaction that does nothing is ended by the server', async () => {
    if (server.product === 'MySQL') return
    await using holder = await temporaryDb(server, { idleInTransactionTimeout: '1s' })
    const { db, url } = holder
    await using other = createDb(mysql({ url }))
    const outcome = db.transaction(async () => {
      await db.sql`insert into notes (body) values ('forgotten')`
      const id = await connectionId(db)
      await eventually(async () =>
        expect(await other.sql`select id as id from information_schema.processlist where id = ${id}`).toEqual([]),
      )
      await db.sql`insert into notes (body) values ('late')`
    })
    await expect(outcome).rejects.toBeInstanceOf(errors.ConnectionLost)
    expect(await bodies(db)).toEqual([])
  })
})
