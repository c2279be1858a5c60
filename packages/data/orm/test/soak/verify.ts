import type { Database } from '@covet/db'
import type { Outcome, Recorded } from './journal.ts'

interface NoteFact {
  readonly op: number
  readonly found: number
  readonly parts: number
  readonly touches: number
}

export interface Verification {
  /** What does not agree; empty when all does. */
  readonly violations: string[]
  /** Operations that were unknown and turn out to have happened. */
  readonly unknownDone: number
  readonly operations: number
  readonly rows: number
}

/**
 * Compares what is stored with what was journalled, by SQL of its own: the acknowledged is there, once; the failed is not;
 * the unknown is there as a whole or not at all.
 */
export async function verify(db: Database, journal: ReadonlyMap<number, Recorded>): Promise<Verification> {
  const checker = new Checker(journal)
  const notes = await db.sql<NoteFact>`
    select op, count(*) as found, count(distinct part) as parts, sum(touches) as touches from notes group by op`
  const entries = await db.sql<{ op: number; legs: number; total: number }>`
    select op, count(*) as legs, sum(amount) as total from entries group by op`
  checker.notes(new Map(notes.map((note) => [Number(note.op), note])))
  checker.entries(new Map(entries.map((entry) => [Number(entry.op), entry])))
  checker.tallies(await db.sql<{ label: string; op: number }>`select label, op from tallies`)
  const accounts = await db.sql<{ id: number; balance: number; total: number }>`
    select a.id, a.balance, coalesce((select sum(e.amount) from entries e where e.account_id = a.id), 0) as total from accounts a`
  for (const { id, balance, total } of accounts) checker.equal(`the balance of account ${id}`, Number(balance), Number(total))
  const slots = await db.sql<{ id: number; value: number; version: number; saves: number }>`
    select s.id, s.value, s.version, (select count(*) from notes n where n.slot = s.id) as saves from slots s`
  for (const { id, value, version, saves } of slots) {
    checker.equal(`the value of slot ${id}`, Number(value), Number(saves))
    checker.equal(`the version of slot ${id}`, Number(version), Number(value) + 1)
  }
  return { ...checker.result(), rows: sum(notes.map(({ found }) => Number(found))) + sum(entries.map(({ legs }) => Number(legs))) }
}

class Checker {
  readonly #journal: ReadonlyMap<number, Recorded>
  readonly #violations: string[] = []
  #unknownDone = 0

  constructor(journal: ReadonlyMap<number, Recorded>) {
    this.#journal = journal
  }

  result(): Omit<Verification, 'rows'> {
    return { violations: this.#violations, unknownDone: this.#unknownDone, operations: this.#journal.size }
  }

  equal(what: string, found: number, expected: number): void {
    if (found !== expected) this.#violations.push(`${what} is ${found}, and not ${expected}`)
  }

  notes(stored: ReadonlyMap<number, NoteFact>): void {
    this.#allKnown('note', stored)
    const { touches, deletions } = whatBecameOf(this.#journal)
    for (const recorded of this.#journal.values()) {
      const expected = notesOf(recorded)
      if (expected === 0) continue
      const { op } = recorded
      const found = stored.get(op)
      this.#notDeleted(recorded, deletions.get(op), Number(found?.found ?? 0))
      if (found === undefined) continue
      this.equal(`the number of different notes of operation ${op}`, Number(found.parts), expected)
      this.#touched(op, Number(found.touches), touches.get(op) ?? untouched)
    }
  }

  entries(stored: ReadonlyMap<number, { readonly legs: number; readonly total: number }>): void {
    this.#allKnown('entry', stored)
    for (const recorded of this.#journal.values()) {
      if (recorded.intent.action !== 'transfer') continue
      const found = stored.get(recorded.op)
      this.#present(recorded, Number(found?.legs ?? 0), 2)
      if (found) this.equal(`the sum of transfer ${recorded.op}`, Number(found.total), 0)
    }
  }

  /** A key has what was acknowledged last, or something unknown, which may have arrived later than its connection was given up. */
  tallies(stored: readonly { readonly label: string; readonly op: number }[]): void {
    const possible = new Map<string, { last: number | undefined; unknown: Set<number> }>()
    for (const { op, intent, outcome } of this.#journal.values()) {
      if (intent.action !== 'upsert') continue
      for (const key of intent.keys) {
        const state = possible.get(key) ?? { last: undefined, unknown: new Set() }
        if (outcome === 'acknowledged') state.last = op
        if (outcome === 'unknown') state.unknown.add(op)
        possible.set(key, state)
      }
    }
    const found = new Map<string, number>()
    for (const { label, op } of stored) {
      if (found.has(label)) this.#violations.push(`there are two tallies of ${label}`)
      found.set(label, Number(op))
    }
    for (const [key, { last, unknown }] of possible) {
      const op = found.get(key)
      const isRight = op === undefined ? last === undefined : op === last || unknown.has(op)
      if (!isRight) this.#violations.push(`the tally of ${key} is ${op}, of ${last} acknowledged last`)
    }
  }

  #notDeleted(recorded: Recorded, deletion: Outcome | undefined, found: number): void {
    if (deletion === undefined || deletion === 'failed') this.#present(recorded, found, notesOf(recorded))
    if (deletion === 'acknowledged') this.equal(`the number of notes of operation ${recorded.op}, which were deleted,`, found, 0)
  }

  #touched(op: number, touches: number, { acknowledged, unknown }: Counts): void {
    if (touches < acknowledged || touches > acknowledged + unknown)
      this.#violations.push(
        `the note of operation ${op} was touched ${touches} times, of ${acknowledged} acknowledged and ${unknown} unknown`,
      )
  }

  #present({ op, intent, outcome }: Recorded, found: number, expected: number): void {
    if (outcome === 'unknown' && found === expected) this.#unknownDone += 1
    const isRight = outcome === 'acknowledged' ? found === expected : found === 0 || (outcome === 'unknown' && found === expected)
    if (!isRight) this.#violations.push(`${intent.action} ${op}, ${outcome}, has ${found} rows of ${expected}`)
  }

  #allKnown(what: string, stored: ReadonlyMap<number, unknown>): void {
    for (const op of stored.keys())
      if (!this.#journal.has(op)) this.#violations.push(`there is a ${what} of operation ${op}, which nobody began`)
  }
}

type Counts = Readonly<Record<Outcome, number>>

const untouched: Counts = { acknowledged: 0, failed: 0, unknown: 0 }

/** By the operation that made the note: how it was touched, and how its deletion ended. */
function whatBecameOf(journal: ReadonlyMap<number, Recorded>): {
  touches: ReadonlyMap<number, Counts>
  deletions: ReadonlyMap<number, Outcome>
} {
  const touches = new Map<number, Counts>()
  const deletions = new Map<number, Outcome>()
  for (const { intent, outcome } of journal.values()) {
    if (intent.action === 'delete') deletions.set(intent.note, outcome)
    if (intent.action !== 'touch') continue
    const counts = touches.get(intent.note) ?? untouched
    touches.set(intent.note, { ...counts, [outcome]: counts[outcome] + 1 })
  }
  return { touches, deletions }
}

function notesOf({ intent }: Recorded): number {
  if (intent.action === 'createMany') return intent.rows
  return intent.action === 'create' || intent.action === 'save' ? 1 : 0
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
