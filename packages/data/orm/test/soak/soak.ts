import { eventually, seededRandom } from '@covet/testing'
import { setTimeout as pause } from 'node:timers/promises'
import { type Engine, openSubject, type Subject } from './engines.ts'
import { type Fault, faultsOf } from './faults.ts'
import { Journal, readJournals } from './journal.ts'
import { type LoadFigures, runLoad } from './load.ts'
import { type Growth, growthOf, type MemorySample, sampleMemory } from './memory.ts'
import { sessionsOf } from './sessions.ts'
import { type Verification, verify } from './verify.ts'

export interface SoakOptions {
  readonly engine: Engine
  readonly seconds: number
  readonly seed: number
  readonly workers: number
}

export interface SoakReport extends SoakOptions {
  readonly load: LoadFigures
  /** How often each fault happened. */
  readonly faults: Record<string, number>
  readonly verification: Verification
  /** Of the whole time under load. */
  readonly memory: readonly MemorySample[]
  readonly growth: Growth
  /** What was left open when all was over. */
  readonly leaks: readonly string[]
  /** Milliseconds from the last fault to the first read that succeeds. */
  readonly healedAfter: number
}

/** Often enough for a median, seldom enough to leave time for work. Seconds. */
const sampleEvery = { least: 1, most: 6 }
const settleWithin = 30_000

/** A mixed load through the models while things break, and what is to be said of it afterwards. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const { engine, seconds, seed, workers } = options
  await using subject = await openSubject(engine)
  const journals = [`${subject.folder}/journal`]
  const over = new AbortController()
  const leaks: string[] = []
  subject.db.on('leak', ({ heldMs }) => leaks.push(`a connection came back with a transaction open, after ${heldMs} ms`))
  subject.db.on('failure', ({ operation, error }) => leaks.push(`${operation} failed: ${String(error)}`))
  using journal = new Journal(journals[0] as string, 0)
  const load = runLoad({ db: subject.db, journal, seed, workers, name: 'soak', until: over.signal })
  const every = Math.min(sampleEvery.most, Math.max(sampleEvery.least, seconds / 30))
  const measuring = sampleMemory(every * 1_000, over.signal)
  const faults = await breakThings(subject, { seed, until: performance.now() + seconds * 1_000, journals })
  over.abort()
  subject.proxy?.heal()
  const healing = performance.now()
  const figures = await load
  const memory = await measuring
  await eventually(() => subject.db.sql`select 1 as one`, { within: settleWithin })
  const healedAfter = performance.now() - healing
  leaks.push(...(await leftOpen(subject)))
  await subject.db.close()
  await silent(subject)
  const verification = await verify(subject.watcher, readJournals(journals))
  return {
    ...options,
    load: figures,
    faults,
    verification,
    memory,
    growth: growthOf(memory),
    leaks,
    healedAfter,
  }
}

interface Breaking {
  readonly seed: number
  readonly until: number
  readonly journals: string[]
}

/** Each fault once, and then any of them again. */
async function breakThings(subject: Subject, { seed, until, journals }: Breaking): Promise<Record<string, number>> {
  const random = seededRandom(seed)
  const faults = Object.entries(faultsOf(subject))
  const counts: Record<string, number> = Object.fromEntries(faults.map(([name]) => [name, 0]))
  const next = faults.toSorted(() => random.next() - 0.5)
  await pause(500)
  while (performance.now() < until || next.length > 0) {
    const [name, fault] = (next.shift() ?? random.pick(faults)) as [string, Fault]
    await fault(subject, random, journals)
    counts[name] = (counts[name] ?? 0) + 1
    await pause(300 + random.integer(900))
  }
  return counts
}

/** What is still in use though nobody works any more. */
async function leftOpen(subject: Subject): Promise<string[]> {
  const [health] = await subject.db.health()
  const left: string[] = []
  if (health?.state !== 'up') left.push(`the database is ${health?.state}`)
  let total = 0
  for (const [role, pool] of Object.entries(health?.pools ?? {})) {
    total += pool.total
    if (pool.idle !== pool.total || pool.waiting > 0)
      left.push(`the ${role} pool has ${pool.idle} idle of ${pool.total}, ${pool.waiting} waiting`)
  }
  // What was given up is told to the server, which may need a moment.
  const deadline = performance.now() + settleWithin
  for (;;) {
    const sessions = await sessionsOf(subject)
    const open = sessions.filter(({ inTransaction }) => inTransaction).length
    // One more asks how the node is.
    const surplus = sessions.length - total - 1
    if (open === 0 && surplus <= 0) return left
    if (performance.now() > deadline)
      return [...left, `the server has ${sessions.length} sessions for a pool of ${total}, ${open} of them in a transaction`]
    await pause(50)
  }
}

/** Waits until nothing of the application is left on the server. */
async function silent(subject: Subject): Promise<void> {
  const look = async (): Promise<void> => {
    const { length } = await sessionsOf(subject)
    if (length > 0) throw new Error(`${length} sessions are left after closing`)
  }
  await eventually(look, { within: settleWithin })
}
