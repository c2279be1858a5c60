import type { Database } from '@covet/db'
import { seededRandom, type SeededRandom } from '@covet/testing'
import { setTimeout as pause } from 'node:timers/promises'
import type { Journal } from './journal.ts'
import { ClientLeft, judge } from './outcome.ts'
import { brokenStream, eager, type Read, snapshot } from './reads.ts'
import { create, createMany, type Hand, remove, save, touch, transfer, upsert, type Write } from './writes.ts'

export interface LoadOptions {
  readonly db: Database
  readonly journal: Journal
  readonly seed: number
  readonly workers: number
  /** Apart from other processes' workers. */
  readonly name: string
  /** Ends the load: every worker finishes what it is at. */
  readonly until: AbortSignal
}

export interface LoadFigures {
  readonly writes: { acknowledged: number; failed: number; unknown: number }
  readonly reads: { done: number; failed: number }
  /** Errors by code. */
  readonly errors: Record<string, number>
  /** Errors that none of the faults explains. */
  readonly unexpected: string[]
  /** Milliseconds that the longest operation took. */
  longest: number
}

type MakeWrite = (hand: Hand) => Write | undefined

const writes: readonly MakeWrite[] = [create, create, createMany, transfer, transfer, transfer, save, touch, touch, remove, upsert]
const reads: readonly Read[] = [eager, snapshot, brokenStream]

/** A mixed load over the models, until it is told to end. */
export async function runLoad({ db, journal, seed, workers, name, until }: LoadOptions): Promise<LoadFigures> {
  const figures: LoadFigures = {
    writes: { acknowledged: 0, failed: 0, unknown: 0 },
    reads: { done: 0, failed: 0 },
    errors: {},
    unexpected: [],
    longest: 0,
  }
  const work = async (worker: number): Promise<void> => {
    const random = seededRandom(seed * 1_000 + worker)
    const notes: number[] = []
    while (!until.aborted) {
      const began = performance.now()
      const failures = await withLeaver(random, async (signal) => {
        const hand: Hand = { name: `${name}.${worker}`, db, random, notes, signal }
        return random.next() < 0.3
          ? read(random.pick(reads), hand, figures)
          : write(random.pick(writes)(hand) ?? create(hand), journal, figures)
      })
      figures.longest = Math.max(figures.longest, performance.now() - began)
      // A client that was turned away comes back a little later.
      if (failures) await pause(5 + random.integer(20))
    }
  }
  await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)))
  return figures
}

/** One in ten clients leaves soon. */
async function withLeaver<T>(random: SeededRandom, work: (signal: AbortSignal | undefined) => Promise<T>): Promise<T> {
  if (random.next() >= 0.1) return work(undefined)
  const leaving = new AbortController()
  const timer = setTimeout(() => leaving.abort(new ClientLeft()), random.integer(25))
  try {
    return await work(leaving.signal)
  } finally {
    clearTimeout(timer)
  }
}

/** @returns whether it failed */
async function write({ intent, inTransaction, run, done }: Write, journal: Journal, figures: LoadFigures): Promise<boolean> {
  const op = journal.begin(intent)
  try {
    await run(op)
  } catch (error) {
    const { outcome } = note(error, inTransaction, figures)
    journal.end(op, outcome)
    figures.writes[outcome] += 1
    return true
  }
  journal.end(op, 'acknowledged')
  figures.writes.acknowledged += 1
  done?.(op)
  return false
}

async function read(work: Read, hand: Hand, figures: LoadFigures): Promise<boolean> {
  try {
    await work(hand)
  } catch (error) {
    note(error, true, figures)
    figures.reads.failed += 1
    return true
  }
  figures.reads.done += 1
  return false
}

function note(error: unknown, inTransaction: boolean, { errors, unexpected }: LoadFigures): ReturnType<typeof judge> {
  const verdict = judge(error, inTransaction)
  errors[verdict.code] = (errors[verdict.code] ?? 0) + 1
  if (verdict.unexpected && unexpected.length < 20)
    unexpected.push(error instanceof Error ? `${error.stack}${causeOf(error)}` : String(error))
  return verdict
}

function causeOf({ cause }: Error): string {
  return cause instanceof Error ? `\n  caused by ${cause.message}` : ''
}
