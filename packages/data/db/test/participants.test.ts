import { describe, expect, it } from '@jest/globals'
import { errors, type Participant, type ParticipantKind } from '../src/index.ts'
import { bodies, memoryDb } from './support/databases.ts'

/** Notes what it is told, and hears of the end of it. */
class Notes implements Participant {
  readonly noted: string[] = []
  readonly #heard: string[]

  constructor(heard: string[]) {
    this.#heard = heard
  }

  adopt(inner: Notes): void {
    this.noted.push(...inner.noted)
  }

  beforeCommit(): void {
    this.#heard.push(`before ${this.noted.join()}`)
  }

  afterCommit(): void {
    this.#heard.push(`after ${this.noted.join()}`)
  }

  afterRollback(inDoubt: boolean): void {
    this.#heard.push(`${inDoubt ? 'in doubt' : 'undone'} ${this.noted.join()}`)
  }
}

function notes(): ParticipantKind<Notes> & { readonly heard: string[] } {
  const heard: string[] = []
  return { heard, takePart: () => new Notes(heard) }
}

describe('a participant', () => {
  it('is one per transaction and savepoint, adopted with the savepoint and told of the end of the whole', async () => {
    await using db = await memoryDb()
    const kind = notes()
    expect(db.participant(kind)).toBeUndefined()
    await db.transaction(async () => {
      db.participant(kind)?.noted.push('a')
      expect(db.participant(kind)).toBe(db.participant(kind))
      db.afterCommit(() => kind.heard.push('hook'))
      await db.transaction(async () => {
        db.participant(kind)?.noted.push('b')
        await db.transaction(async () => {
          db.participant(kind)?.noted.push('c')
        })
      })
      await db.detached(async () => {
        expect(db.participant(kind)).toBeUndefined()
      })
      expect(kind.heard).toEqual([])
    })
    expect(kind.heard).toEqual(['before a,b,c', 'after a,b,c', 'hook'])
  })

  it('of a savepoint is there for the transaction that had none', async () => {
    await using db = await memoryDb()
    const kind = notes()
    await db.transaction(async () => {
      await db.transaction(async () => {
        db.participant(kind)?.noted.push('a')
      })
      db.participant(kind)?.noted.push('b')
    })
    expect(kind.heard).toEqual(['before a,b', 'after a,b'])
  })

  it('hears of a savepoint that is undone, and of one that nobody awaited, and the rest goes on', async () => {
    await using db = await memoryDb()
    const kind = notes()
    await db
      .transaction(async () => {
        db.participant(kind)?.noted.push('kept')
        const failed = db.transaction(async () => {
          db.participant(kind)?.noted.push('failed')
          throw new Error('no')
        })
        await expect(failed).rejects.toThrow('no')
        const begun = Promise.withResolvers<void>()
        db.transaction(async () => {
          db.participant(kind)?.noted.push('left')
          begun.resolve()
          await new Promise(() => undefined)
        }).catch(() => undefined)
        await begun.promise
      })
      .catch((error: unknown) => kind.heard.push((error as Error).message))
    expect(kind.heard).toEqual(['undone failed', 'undone left', 'before kept', 'after kept'])
  })

  it('hears of the rollback before the transaction is run again', async () => {
    await using db = await memoryDb()
    const kind = notes()
    let runs = 0
    await db.transaction(
      async () => {
        runs += 1
        kind.heard.push(`run ${runs}`)
        await db.transaction(async () => {
          db.participant(kind)?.noted.push(String(runs))
        })
        if (runs === 1) throw new errors.SerializationFailure()
      },
      { retry: 1 },
    )
    expect(kind.heard).toEqual(['run 1', 'undone 1', 'run 2', 'before 2', 'after 2'])
  })

  it('hears of a commit that was refused, and of one that nobody knows of', async () => {
    let commit = (): boolean => false
    await using db = await memoryDb({ faults: () => ({ commit: () => commit() }) })
    const kind = notes()
    const write = (): Promise<void> =>
      db.transaction(async () => {
        db.participant(kind)?.noted.push('a')
      })
    await expect(write()).rejects.toBeInstanceOf(errors.TransactionAborted)
    commit = () => {
      throw new errors.ConnectionLost()
    }
    await expect(write()).rejects.toBeInstanceOf(errors.CommitUnknown)
    expect(kind.heard).toEqual(['before a', 'undone a', 'before a', 'in doubt a'])
  })

  it('undoes the transaction when it fails before the commit, and is reported when it fails after the end', async () => {
    await using db = await memoryDb()
    const failures: unknown[] = []
    db.on('failure', ({ operation, error }) => failures.push([operation, (error as Error).message]))
    const fail = (message: string) => (): never => {
      throw new Error(message)
    }
    const failing = (work: Partial<Participant>): ParticipantKind<Participant> => ({
      takePart: () => ({ adopt: () => undefined, ...work }),
    })
    const insert = (kind: ParticipantKind<Participant>, id: number): Promise<unknown> =>
      db.transaction(async () => {
        db.participant(kind)
        await db.sql`insert into notes (id, body) values (${id}, 'A')`
      })
    await expect(insert(failing({ beforeCommit: fail('before'), afterRollback: fail('undone') }), 1)).rejects.toThrow('before')
    expect(await bodies(db)).toEqual([])
    await insert(failing({ afterCommit: fail('after') }), 2)
    expect(await bodies(db)).toEqual(['A'])
    expect(failures).toEqual([
      ['afterRollback', 'undone'],
      ['afterCommit', 'after'],
    ])
  })

  it('takes part in the transactions inside a sandbox, and not in the sandbox', async () => {
    await using db = await memoryDb()
    const kind = notes()
    await db.sandbox(async () => {
      expect(db.participant(kind)).toBeUndefined()
      await db.transaction(async () => {
        await db.transaction(async () => {
          db.participant(kind)?.noted.push('a')
        })
      })
      expect(kind.heard).toEqual(['before a', 'after a'])
    })
    expect(kind.heard).toEqual(['before a', 'after a'])
  })
})
