import { startProcess } from '@covet/testing'
import Database from 'better-sqlite3'
import type { Case } from '../case.ts'
import { connect, type Engine, openSpace } from '../engine.ts'
import type { Figure } from '../figure.ts'
import { longestGap, times } from '../timing.ts'

const lockHolder = new URL('../../../../packages/data/sqlite/test/support/lock-holder.ts', import.meta.url)
const full = { rounds: 3, heldMs: 2_000 }

interface Round {
  /** The longest time between two calls of a timer of 10 ms. */
  gap: number
  /** From the release of the lock to the end of the write. */
  late: number
}

export async function measure(engine: Engine, { rounds, heldMs } = full): Promise<Figure[]> {
  await using space = await openSpace(engine)
  await using db = connect(engine, space.url)
  await db.script('create table notes (id integer primary key, body text not null)')
  const own = await times(rounds, () => writeBehindLock(space.url, heldMs, () => db.sql`insert into notes (body) values ('a')`))
  // The driver by itself waits inside the call, and the event loop with it.
  const raw = new Database(space.url, { timeout: 60_000 })
  const blocked = await writeBehindLock(space.url, heldMs, () => raw.prepare(`insert into notes (body) values ('a')`).run())
  raw.close()
  return [
    {
      what: `longest gap of a 10 ms timer while a write waits ${heldMs / 1_000} s for the lock of another process`,
      unit: 'ms',
      value: Math.max(...own.map(({ gap }) => gap)),
      bound: { below: 50 },
      peer: { name: 'better-sqlite3', value: blocked.gap },
    },
    {
      what: 'longest time from the release of the lock to the end of the write',
      unit: 'ms',
      value: Math.max(...own.map(({ late }) => late)),
    },
  ]
}

async function writeBehindLock(file: string, heldMs: number, write: () => unknown): Promise<Round> {
  await using holder = await startProcess(lockHolder, {
    args: [file, String(heldMs)],
    ready: /^locked$/,
  })
  let written = Number.NaN
  const gap = await longestGap(async () => {
    await write()
    written = performance.now()
  })
  const line = await holder.line(/^released at /)
  const released = Number(line.slice('released at '.length)) - performance.timeOrigin
  return {
    gap,
    // The line is written some time after the release.
    late: Math.max(0, written - released),
  }
}

export const eventLoop: Case = { id: 'DB-5', title: 'the event loop beside a locked database', engines: ['sqlite'], measure }
