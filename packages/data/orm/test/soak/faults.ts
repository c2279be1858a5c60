import { type SeededRandom, startProcess } from '@covet/testing'
import { setTimeout as pause } from 'node:timers/promises'
import { errors } from '@covet/db'
import { connections, type Subject } from './engines.ts'
import { Account } from './models.ts'
import { killSession, sessionsOf } from './sessions.ts'

/** Happens once, and is over when it settles. */
export type Fault = (subject: Subject, random: SeededRandom, journals: string[]) => Promise<unknown>

type Faults = Readonly<Record<string, Fault>>

/** Some of the connections are ended by the server. */
const kill: Fault = async (subject, random) => {
  const sessions = await sessionsOf(subject)
  const doomed = sessions.filter(() => random.next() < 0.5)
  for (const { id } of doomed) await killSession(subject, id).catch(ignoreGone)
}

const cut: Fault = async ({ proxy }) => proxy?.cut()

const throttle: Fault = async ({ proxy }, random) => {
  proxy?.throttle(4_000)
  proxy?.delay(random.integer(20))
  await pause(300 + random.integer(500))
  proxy?.heal()
}

/** Nothing arrives, one way or both, for shorter or longer than a statement may take. */
const blackHole: Fault = async ({ proxy }, random) => {
  proxy?.blackHole(random.pick(['both', 'request', 'response'] as const))
  await pause(200 + random.integer(2_000))
  if (random.next() < 0.5) proxy?.cut()
  proxy?.heal()
}

const halfOpen: Fault = async ({ proxy }, random) => {
  proxy?.halfOpen()
  await pause(100 + random.integer(700))
  proxy?.heal()
}

const refuse: Fault = async ({ proxy }, random) => {
  proxy?.refuse()
  proxy?.cut()
  await pause(100 + random.integer(900))
  proxy?.heal()
}

const crash: Fault = async ({ server }, random) => {
  await server?.crash()
  await pause(random.integer(500))
  await server?.startAgain()
}

const restart: Fault = async ({ server }, random) => {
  await server?.stop()
  await pause(random.integer(500))
  await server?.startAgain()
}

/** As many as there are connections hold one for longer than others wait. */
const exhaust: Fault = async ({ db, engine }, random) => {
  const hold = async (): Promise<void> => {
    const time = 300 + random.integer(1_000)
    await db.transaction(
      async () => {
        await Account.find(1)
        await pause(time)
      },
      // SQLite has one writer: its readers are held as well.
      { readOnly: engine === 'sqlite' && random.next() < 0.7 },
    )
  }
  await Promise.all(Array.from({ length: connections }, () => hold().catch(ignoreUnavailable)))
}

/** Another process has the write lock for longer than anybody waits, or nearly. */
const lockFile: Fault = async ({ address }, random) => {
  await using holder = await startProcess(new URL('../../../sqlite/test/support/lock-holder.ts', import.meta.url), {
    args: [address, String(200 + random.integer(600))],
    timeout: '1m',
  })
  await holder.exit
}

let generation = 0

/**
 * Another process of the application is killed while it writes.
 * @returns milliseconds from its start to the first answer of the database
 */
export const killWriter = async (
  { engine, address, folder }: Pick<Subject, 'engine' | 'address' | 'folder'>,
  random: SeededRandom,
  journals: string[],
): Promise<number> => {
  generation += 1
  const journal = `${folder}/journal-${generation}`
  journals.push(journal)
  const began = performance.now()
  await using writer = await startProcess(new URL('writer.ts', import.meta.url), {
    args: [engine, address, journal, String(generation)],
    ready: /^working/,
    timeout: '1m',
  })
  const answeredAfter = performance.now() - began
  await pause(50 + random.integer(600))
  writer.signal('SIGKILL')
  await writer.exit
  return answeredAfter
}

const ofNetworks: Faults = { kill, cut, throttle, blackHole, halfOpen, refuse }
const ofServers: Faults = { ...ofNetworks, crash, restart, exhaust }
const ofFiles: Faults = { lockFile, killWriter, exhaust }

export function faultsOf({ engine, server }: Subject): Faults {
  if (engine === 'sqlite') return ofFiles
  return server ? ofServers : { ...ofNetworks, exhaust }
}

/** It ended before it was killed. */
function ignoreGone(error: unknown): void {
  if (!(error instanceof errors.QueryFailed)) throw error
}

/** Those who hold connections are among those who do not get one. */
function ignoreUnavailable(error: unknown): void {
  const isUnavailable =
    error instanceof errors.DatabaseError &&
    (error.statusCode === 503 || error instanceof errors.CommitUnknown || error instanceof errors.TransactionAborted)
  if (!isUnavailable) throw error
}
