import { seededRandom, startProcess } from '@covet/testing'
import { describe, expect, it } from '@jest/globals'
import { skipReason } from '@covet-workspace/tooling/services'
import { describeWhere, describeWithUrl } from '@covet-workspace/tooling/services/jest'
import { type Engine, engines, openSubject, writerWorkers } from './soak/engines.ts'
import { Journal, readJournals } from './soak/journal.ts'
import { runLoad } from './soak/load.ts'
import { growthOf, reachableMegabytes, sampleMemory } from './soak/memory.ts'
import { isLong, soakMinutes } from './soak/size.ts'
import type { SoakReport } from './soak/soak.ts'
import { verify } from './soak/verify.ts'

const seconds = soakMinutes * 60
const seed = Number(process.env['SOAK_SEED'] ?? '1')
/** Megabytes by which what is reachable may come and go while it works: rows on their way, statements prepared, samples. */
const breath = 8
/** Megabytes a minute that ten minutes and more cannot be mistaken about. */
const steady = 0.5

async function report(engine: Engine): Promise<SoakReport> {
  await using run = await startProcess(new URL('soak/run.ts', import.meta.url), {
    args: [engine, '--seconds', String(seconds), '--seed', String(seed)],
  })
  // No failure ends the process, and nothing fails without being heard.
  const exit = await run.exit
  expect([run.stderr, exit]).toEqual(['', { code: 0, signal: null }])
  if (isLong) console.log(run.stdout)
  return JSON.parse(run.stdout.trimEnd().split('\n').at(-1) ?? '') as SoakReport
}

const here = engines.filter((engine) => {
  if (engine === 'mysql') return (process.env['MYSQL_URL'] ?? '') !== ''
  return engine === 'sqlite' || skipReason(engine) === undefined
})
let reports: Promise<readonly PromiseSettledResult<SoakReport>[]> | undefined

/** The first who asks starts all of them: most of their time is waiting for what is broken. */
async function reportOf(engine: Engine): Promise<SoakReport> {
  reports ??= Promise.allSettled(here.map((each) => report(each)))
  const settled = (await reports)[here.indexOf(engine)]
  if (settled?.status !== 'fulfilled') throw settled?.reason
  return settled.value
}

function itEndures(engine: Engine): void {
  it(
    `REL-08, REL-09: loses nothing, doubles nothing and leaks nothing while things break, for ${Math.round(seconds)} s`,
    async () => {
      const { load, faults, verification, growth, leaks } = await reportOf(engine)
      expect(load.unexpected).toEqual([])
      expect(verification.violations).toEqual([])
      expect(leaks).toEqual([])
      expect(Object.entries(faults).filter(([, count]) => count === 0)).toEqual([])
      expect(load.writes.acknowledged).toBeGreaterThan(100)
      expect(load.writes.failed).toBeGreaterThan(0)
      // Each worker of a killed process was at one thing.
      expect(verification.unknownDone).toBeLessThanOrEqual(load.writes.unknown + writerWorkers * (faults['killWriter'] ?? 0))
      expect(growth.megabytes).toBeLessThan(breath)
      if (isLong) expect(growth.perMinute).toBeLessThan(steady)
    },
    (seconds + 240) * 1_000,
  )
}

describe('a soak on SQLite', () => itEndures('sqlite'))
describeWhere('postgres', 'a soak on PostgreSQL', () => itEndures('postgres'))
describeWhere('mariadb', 'a soak on MariaDB', () => itEndures('mariadb'))
describeWithUrl('MYSQL_URL', 'a soak on MySQL 8', () => itEndures('mysql'))

describe('what a soak finds', () => {
  it('is what leaks while it works, though closing frees it', async () => {
    const over = new AbortController()
    const held: number[][] = []
    const before = reachableMegabytes()
    const leaking = setInterval(() => {
      held.push(Array.from({ length: 150_000 }, (_, n) => n + 0.5))
      if (held.length === 40) over.abort()
    }, 10)
    const samples = await sampleMemory(20, over.signal)
    clearInterval(leaking)
    held.length = 0
    expect(reachableMegabytes()).toBeLessThan(before + breath)
    const { megabytes, perMinute } = growthOf(samples)
    expect(megabytes).toBeGreaterThan(breath)
    expect(perMinute).toBeGreaterThan(steady)
  })

  it('is no growth where what is reachable comes and goes', () => {
    const spiky = Array.from({ length: 60 }, (_, n) => ({ seconds: n * 2, megabytes: n < 12 ? 30 + n : 42 + (n % 7 === 0 ? 20 : n % 3) }))
    const { megabytes, perMinute } = growthOf(spiky)
    expect(megabytes).toBeLessThan(breath)
    expect(perMinute).toBeLessThan(steady)
    expect(
      growthOf(spiky.map(({ seconds: at, megabytes: size }) => ({ seconds: at, megabytes: size + at / 60 }))).perMinute,
    ).toBeGreaterThan(steady)
  })

  it('is whatever is lost, doubled, half done or done without leave', async () => {
    await using subject = await openSubject('sqlite')
    const { watcher, db, folder } = subject
    const file = `${folder}/journal`
    using journal = new Journal(file, 0)
    const over = new AbortController()
    const load = runLoad({ db, journal, seed: seededRandom(seed).integer(1_000), workers: 4, name: 'soak', until: over.signal })
    while ((await watcher.sql`select 1 from tallies`).length === 0 || (await watcher.sql`select 1 from slots where value > 0`).length === 0)
      await watcher.sql`select 1`
    over.abort()
    await load
    const violations = async (): Promise<string[]> => (await verify(watcher, readJournals([file]))).violations
    expect(await violations()).toEqual([])

    const damages: readonly (readonly [text: string, complaint: RegExp])[] = [
      ['delete from notes where id = (select max(id) from notes where slot = 0)', /acknowledged, has \d+ rows of \d+/],
      [
        'insert into notes (op, part, slot, touches) select op, part, slot, touches from notes where slot = 0 order by id limit 1',
        /rows of|different notes/,
      ],
      ['update notes set touches = touches + 1 where id = (select min(id) from notes)', /was touched/],
      ['insert into notes (op, part, slot, touches) values (999999, 0, 0, 0)', /which nobody began/],
      ['delete from entries where id = (select max(id) from entries)', /transfer \d+, acknowledged, has 1 rows of 2/],
      ['update accounts set balance = balance + 1 where id = 1', /the balance of account 1/],
      ['update slots set value = value + 1 where id = 1', /the value of slot 1/],
      ['update tallies set op = 0', /the tally of/],
    ]
    for (const [text, complaint] of damages) {
      await watcher.sandbox(async () => {
        await watcher.execute({ text, params: [] })
        expect((await violations()).join('\n')).toMatch(complaint)
      })
    }
    expect(await violations()).toEqual([])
  })
})
