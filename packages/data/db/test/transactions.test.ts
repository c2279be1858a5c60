import { describe, expect, it, jest } from '@jest/globals'
import { errors, type FailureEvent, type RetryEvent } from '../src/index.ts'
import { bodies, fileDb, memoryDb, signalled } from './support/databases.ts'

describe('a commit that does not go well', () => {
  it('T4 trap 4 reports a connection lost during COMMIT as unknown, and does not run the transaction again', async () => {
    let runs = 0
    const commit = (): never => {
      throw new errors.ConnectionLost()
    }
    await using db = await memoryDb({ faults: () => ({ commit }) })
    const outcome = db.transaction(
      async () => {
        runs += 1
      },
      { retry: 3 },
    )
    await expect(outcome).rejects.toMatchObject({ code: 'db/commit-unknown', statusCode: 500, cause: expect.any(errors.ConnectionLost) })
    expect(runs).toBe(1)
  })

  it('T3 does not say saved when the engine answers COMMIT with a rollback', async () => {
    await using db = await memoryDb({ faults: () => ({ commit: () => false }) })
    const called: string[] = []
    const outcome = db.transaction(async () => {
      db.afterCommit(() => called.push('after commit'))
      await db.sql`insert into notes (id, body) values (1, 'A')`
    })
    await expect(outcome).rejects.toBeInstanceOf(errors.TransactionAborted)
    expect(called).toEqual([])
    expect(await bodies(db)).toEqual([])
  })

  it('rolls back and passes on the error when COMMIT fails with the transaction still open', async () => {
    await using db = await memoryDb()
    await db.script('create table replies (note integer references notes (id) deferrable initially deferred)')
    const outcome = db.transaction(async () => {
      await db.sql`insert into notes (id, body) values (1, 'A')`
      await db.sql`insert into replies (note) values (99)`
    })
    await expect(outcome).rejects.toBeInstanceOf(errors.ForeignKeyViolation)
    expect(await bodies(db)).toEqual([])
  })

  it('stops what follows an error after which the engine rolled back on its own', async () => {
    await using db = await memoryDb()
    await db.sql`insert into notes (id, body) values (1, 'A')`
    const seen: unknown[] = []
    const outcome = db.transaction(async () => {
      await db.sql`insert into notes (id, body) values (2, 'B')`
      await db.sql`insert or rollback into notes (id, body) values (1, 'again')`.catch((error: unknown) => seen.push(error))
      await db.sql`insert into notes (id, body) values (3, 'C')`.catch((error: unknown) => seen.push(error))
      await db.transaction(() => db.sql`insert into notes (id, body) values (4, 'D')`).catch((error: unknown) => seen.push(error))
    })
    await expect(outcome).rejects.toMatchObject({ code: 'db/transaction-aborted', cause: expect.any(errors.UniqueViolation) })
    expect(seen).toEqual([expect.any(errors.UniqueViolation), expect.any(errors.TransactionAborted), expect.any(errors.TransactionAborted)])
    expect(await bodies(db)).toEqual(['A'])
  })

  it('replaces a connection whose ROLLBACK failed, and reports that beside the error of the callback', async () => {
    let rollback: (() => never) | undefined = () => {
      throw new errors.QueryFailed('no rollback today')
    }
    const holder = await fileDb({ limits: { reader: 0, stream: 0 }, faults: () => (rollback ? { rollback } : {}) })
    await using _ = holder
    const { db } = holder
    const failures: FailureEvent[] = []
    db.on('failure', (event) => failures.push(event))
    rollback = undefined
    await expect(
      db.transaction(async () => {
        await db.sql`insert into notes (id, body) values (1, 'A')`
        throw new Error('callback')
      }),
    ).rejects.toThrow('callback')
    expect(failures).toEqual([{ connection: 'main', operation: 'rollback', error: expect.any(errors.QueryFailed) }])
    expect(await bodies(db)).toEqual([])
  })
})

describe('a connection that neither rolls back nor closes', () => {
  it('is reported for both, and not used again', async () => {
    const failing = (message: string) => (): never => {
      throw new Error(message)
    }
    let faulty = true
    await using db = await memoryDb({ faults: () => (faulty ? { rollback: failing('no rollback'), close: failing('no close') } : {}) })
    faulty = false
    const failures: unknown[] = []
    db.on('failure', ({ operation, error }) => failures.push([operation, (error as Error).message]))
    await expect(db.transaction(async () => Promise.reject(new Error('callback')))).rejects.toThrow('callback')
    expect(failures).toEqual([
      ['rollback', 'no rollback'],
      ['release', 'no close'],
    ])
    expect(await db.sql`select 1 as one`).toEqual([{ one: 1 }])
  })
})

describe('retry', () => {
  const conflict = new errors.SerializationFailure()

  it('T5 runs the outermost callback again, reports each time, and calls hooks of the run that committed only', async () => {
    await using db = await memoryDb()
    const retries: RetryEvent[] = []
    const hooks: number[] = []
    db.on('retry', (event) => retries.push(event))
    let runs = 0
    const value = await db.transaction(
      async () => {
        runs += 1
        const run = runs
        db.afterCommit(() => hooks.push(run))
        await db.transaction(
          async () => {
            await db.sql`insert into notes (id, body) values (${run}, ${`run ${run}`})`
            if (run < 3) throw conflict
          },
          { retry: 5 },
        )
        return run
      },
      { retry: 3 },
    )
    expect(value).toBe(3)
    expect(hooks).toEqual([3])
    expect(await bodies(db)).toEqual(['run 3'])
    expect(retries.map(({ attempt, error }) => [attempt, error])).toEqual([
      [1, conflict],
      [2, conflict],
    ])
    expect(retries.every(({ delayMs }) => delayMs >= 0 && delayMs <= 10)).toBe(true)
  })

  it('gives up with the last error, and never runs again after any other', async () => {
    await using db = await memoryDb()
    let runs = 0
    const failing = (error: Error): Promise<void> =>
      db.transaction(
        async () => {
          runs += 1
          throw error
        },
        { retry: 2 },
      )
    await expect(failing(conflict)).rejects.toBe(conflict)
    expect(runs).toBe(3)
    await expect(failing(new errors.UniqueViolation())).rejects.toBeInstanceOf(errors.UniqueViolation)
    await expect(failing(new Error('own'))).rejects.toThrow('own')
    expect(runs).toBe(5)
  })

  it('refuses a number of retries that means nothing', async () => {
    await using db = await memoryDb()
    await expect(db.transaction(async () => undefined, { retry: -1 })).rejects.toMatchObject({ code: 'db/invalid-option' })
    await expect(db.transaction(async () => undefined, { retry: 1.5 })).rejects.toMatchObject({ code: 'db/invalid-option' })
  })
})

describe('afterCommit', () => {
  it('T8 reports a hook that throws, keeps the commit and calls the others', async () => {
    await using db = await memoryDb()
    const failures: FailureEvent[] = []
    const called: string[] = []
    db.on('failure', (event) => failures.push(event))
    const broken = new Error('mail server down')
    await db.transaction(async () => {
      await db.sql`insert into notes (id, body) values (1, 'A')`
      db.afterCommit(async () => Promise.reject(broken))
      db.afterCommit(() => called.push('second'))
    })
    expect(failures).toEqual([{ connection: 'main', operation: 'afterCommit', error: broken }])
    expect(called).toEqual(['second'])
    expect(await bodies(db)).toEqual(['A'])
  })

  it('runs a hook outside of the transaction it waited for', async () => {
    await using db = await memoryDb()
    const inside: boolean[] = []
    await db.transaction(async () => {
      inside.push(db.inTransaction)
      db.afterCommit(() => inside.push(db.inTransaction))
    })
    expect(inside).toEqual([true, false])
  })

  it('calls a hook at once outside of a transaction, and warns of its failure when nobody listens', async () => {
    await using db = await memoryDb()
    const called: string[] = []
    db.afterCommit(() => called.push('now'))
    expect(called).toEqual(['now'])
    const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    db.afterCommit(() => {
      throw new Error('unheard')
    })
    await new Promise(setImmediate)
    expect(emitWarning.mock.calls).toEqual([
      [expect.stringMatching(/^afterCommit failed on connection 'main' .*unheard/), 'CovetDatabaseWarning'],
    ])
    emitWarning.mockRestore()
  })
})

describe('work left behind', () => {
  it('T6 waits for a query in flight when the callback ends, and refuses those behind it', async () => {
    await using db = await memoryDb({ asynchronous: true })
    let inFlight: Promise<unknown> = Promise.resolve()
    let behind: Promise<unknown> = Promise.resolve()
    await db.transaction(async () => {
      inFlight = db.sql`insert into notes (id, body) values (1, 'in flight')`
      behind = db.sql`insert into notes (id, body) values (2, 'behind')`
      behind.catch(() => undefined)
    })
    await expect(inFlight).resolves.toEqual([])
    await expect(behind).rejects.toBeInstanceOf(errors.TransactionClosed)
    expect(await bodies(db)).toEqual(['in flight'])
  })

  it('refuses a nested transaction that starts as the callback ends', async () => {
    await using db = await memoryDb({ asynchronous: true })
    let started = false
    let nested: Promise<unknown> = Promise.resolve()
    await db.transaction(async () => {
      nested = db.transaction(async () => {
        started = true
      })
      nested.catch(() => undefined)
    })
    await expect(nested).rejects.toBeInstanceOf(errors.TransactionClosed)
    expect(started).toBe(false)
  })

  it('undoes nested transactions of any depth that nobody awaits, with what they are doing', async () => {
    await using db = await memoryDb({ asynchronous: true })
    const { promise: ended, resolve: end } = signalled()
    const { promise: deep, resolve: arrive } = signalled()
    let outcome: Promise<unknown> = Promise.resolve()
    await db.transaction(async () => {
      await db.sql`insert into notes (id, body) values (1, 'A')`
      outcome = db.transaction(async () => {
        await db.sql`insert into notes (id, body) values (2, 'B')`
        await db.transaction(async () => {
          await db.sql`insert into notes (id, body) values (3, 'C')`
          arrive()
          await ended
          await db.sql`insert into notes (id, body) values (4, 'D')`
        })
      })
      outcome.catch(() => undefined)
      await deep
    })
    end()
    await expect(outcome).rejects.toBeInstanceOf(errors.TransactionClosed)
    expect(await bodies(db)).toEqual(['A'])
  })

  it('undoes a nested transaction whose last query is on its way when the one around it ends', async () => {
    await using db = await memoryDb({ asynchronous: true })
    let nested: Promise<unknown> = Promise.resolve()
    await db.transaction(async () => {
      await db.sql`insert into notes (id, body) values (1, 'A')`
      const { promise: sent, resolve: send } = signalled()
      nested = db.transaction(async () => {
        const query = db.sql`insert into notes (id, body) values (2, 'B')`
        send()
        await query
      })
      nested.catch(() => undefined)
      await sent
    })
    await expect(nested).rejects.toBeInstanceOf(errors.TransactionClosed)
    expect(await bodies(db)).toEqual(['A'])
  })

  it('ends a wait that the nested transaction itself makes endless', async () => {
    await using db = await memoryDb({ pool: { acquireTimeout: 20 } })
    const outcome = db.transaction(async () => {
      const outside = db.run(() => (): Promise<unknown> => db.sql`select 1`)
      const { promise: go, resolve: start } = signalled()
      const query = go.then(outside)
      await db.transaction(async () => {
        start()
        await query
      })
    })
    await expect(outcome).rejects.toMatchObject({ code: 'db/transaction-busy' })
  })
})

describe('detached', () => {
  it('P4 refuses at once to wait for the connection that the transaction around it holds', async () => {
    await using db = await memoryDb()
    const outcome = db.transaction(() => db.detached(() => db.sql`insert into notes (id, body) values (1, 'A')`))
    await expect(outcome).rejects.toMatchObject({ code: 'db/detached-deadlock' })
    await expect(db.transaction(() => db.detached(() => db.transaction(async () => undefined)))).rejects.toMatchObject({
      code: 'db/detached-deadlock',
    })
    expect(await bodies(db)).toEqual([])
  })

  it('commits on its own where there is another connection', async () => {
    const holder = await fileDb({ limits: { writer: 2, reader: 0, stream: 0 } })
    await using _ = holder
    const { db } = holder
    const outcome = db.transaction(
      async () => {
        await db.detached(() => db.transaction(() => db.sql`insert into notes (id, body) values (1, 'audit')`))
        throw new Error('rolled back')
      },
      { readOnly: true },
    )
    await expect(outcome).rejects.toThrow('rolled back')
    expect(await bodies(db)).toEqual(['audit'])
  })
})

describe('a transaction', () => {
  it('runs a thenable that queries only when awaited inside of it', async () => {
    await using db = await memoryDb()
    const lazy: PromiseLike<boolean> = {
      // oxlint-disable-next-line unicorn/no-thenable -- a query builder that runs when awaited is just that
      then: (resolve) => Promise.resolve(db.inTransaction).then(resolve),
    }
    expect(await db.transaction(() => lazy)).toBe(true)
  })

  it('does not begin when its signal is aborted already', async () => {
    await using db = await memoryDb()
    const reason = new Error('client left')
    let ran = false
    const outcome = db.transaction(
      async () => {
        ran = true
      },
      { signal: AbortSignal.abort(reason) },
    )
    await expect(outcome).rejects.toBe(reason)
    expect(ran).toBe(false)
  })
})

describe('an isolation level', () => {
  it.each(['serializable; drop table notes', 'SERIALIZABLE', '', 'snapshot', 1, null, ['serializable']])(
    'is one of the four, and nothing begins with %j',
    async (isolation) => {
      await using db = await memoryDb()
      const options = { isolation: isolation as 'serializable' }
      let ran = false
      const work = async (): Promise<void> => {
        ran = true
      }
      await expect(db.transaction(work, options)).rejects.toThrow(errors.InvalidDatabaseOptionError)
      await expect(db.transaction(work, options)).rejects.toThrow("'read uncommitted' or 'read committed' or 'repeatable read'")
      const nested = db.transaction(() => db.transaction(work, options))
      await expect(nested).rejects.toThrow(errors.InvalidDatabaseOptionError)
      expect(ran).toBe(false)
      expect(await bodies(db)).toEqual([])
    },
  )

  it.each(['read uncommitted', 'read committed', 'repeatable read', 'serializable', undefined] as const)('may be %s', async (isolation) => {
    await using db = await memoryDb()
    expect(await db.transaction(() => bodies(db), isolation ? { isolation } : {})).toEqual([])
  })
})
