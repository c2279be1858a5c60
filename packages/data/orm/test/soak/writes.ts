import type { Database } from '@covet/db'
import type { SeededRandom } from '@covet/testing'
import type { Intent } from './journal.ts'
import { Account, accountCount, Entry, Note, Slot, slotCount, Tally } from './models.ts'
import { OnPurpose } from './outcome.ts'

/** A write whose end the journal has to know. */
export interface Write {
  readonly intent: Intent
  /** Whether its own statements are part of one transaction. */
  readonly inTransaction: boolean
  run(op: number): Promise<unknown>
  /** After it was acknowledged. */
  done?(op: number): void
}

/** What one worker knows. */
export interface Hand {
  readonly name: string
  readonly db: Database
  readonly random: SeededRandom
  /** Operations whose one note was acknowledged and is not deleted; a handful. */
  readonly notes: number[]
  /** Aborts soon, or never. */
  readonly signal: AbortSignal | undefined
}

const remembered = 200

export function create({ notes, random }: Hand): Write {
  return {
    intent: { action: 'create' },
    inTransaction: false,
    run: (op) => Note.create({ op, part: 0 }),
    done: (op) => {
      if (notes.length < remembered) notes.push(op)
      else notes[random.integer(remembered)] = op
    },
  }
}

export function createMany({ random }: Hand): Write {
  const rows = 2 + random.integer(40)
  return {
    intent: { action: 'createMany', rows },
    inTransaction: false,
    run: (op) => Note.createMany(Array.from({ length: rows }, (_, part) => ({ op, part }))),
  }
}

/** Two accounts, in any order so that some meet in a deadlock; what a savepoint undoes must never be seen. */
export function transfer({ db, random, signal }: Hand): Write {
  const from = 1 + random.integer(accountCount)
  const to = 1 + ((from + random.integer(accountCount - 1)) % accountCount)
  const amount = 1 + random.integer(100)
  const move = async (op: number, accountId: number, by: number): Promise<void> => {
    const account = Account.where({ id: accountId })
    await (signal ? account.signal(signal) : account).update((c) => ({ balance: c.balance.add(by) }))
    await Entry.create({ op, accountId, amount: by })
  }
  const regretted = async (op: number): Promise<void> => {
    await move(op, from, -1_000_000)
    throw new OnPurpose()
  }
  return {
    intent: { action: 'transfer' },
    inTransaction: true,
    run: (op) =>
      db.transaction(
        async () => {
          await move(op, from, -amount)
          await db
            .transaction(() => regretted(op))
            .catch((error: unknown) => {
              if (!(error instanceof OnPurpose)) throw error
            })
          await db.transaction(() => move(op, to, amount))
        },
        { retry: 4, ...(signal && { signal }) },
      ),
  }
}

/** Read, changed and written where another may have written meanwhile. */
export function save({ db, random }: Hand): Write {
  const slot = 1 + random.integer(slotCount)
  return {
    intent: { action: 'save', slot },
    inTransaction: true,
    run: async (op) => {
      const read = await Slot.findOrFail(slot)
      await db.transaction(async () => {
        read.value += 1
        await read.save()
        await Note.create({ op, part: 0, slot })
      })
    },
  }
}

export function touch({ notes, random, signal }: Hand): Write | undefined {
  if (notes.length === 0) return undefined
  const note = random.pick(notes)
  return {
    intent: { action: 'touch', note },
    inTransaction: false,
    run: async () => {
      const query = Note.where({ op: note })
      const count = await (signal ? query.signal(signal) : query).update((c) => ({ touches: c.touches.add(1) }))
      if (count !== 1) throw new RangeError(`touched ${count} notes of operation ${note}`)
    },
  }
}

export function remove({ notes, random }: Hand): Write | undefined {
  if (notes.length === 0) return undefined
  const [note] = notes.splice(random.integer(notes.length), 1) as [number]
  return {
    intent: { action: 'delete', note },
    inTransaction: false,
    run: async () => {
      const found = await Note.where({ op: note }).get()
      await found.delete()
    },
  }
}

export function upsert({ name, random }: Hand): Write {
  const first = random.integer(4)
  const keys = [`${name} ${first}`, `${name} ${(first + 1) % 4}`]
  return {
    intent: { action: 'upsert', keys },
    inTransaction: true,
    run: (op) =>
      Tally.upsert(
        keys.map((label) => ({ label, op })),
        { on: ['label'] },
      ),
  }
}
