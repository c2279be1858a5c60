import { type BreakerEvent, type Database, errors } from '@covet/db'
import { faultProxy } from '@covet/testing'
import { ownServer } from '@covet-workspace/tooling/services'
import { quantile } from '@covet-benchmarks/common/statistics'
import { setTimeout as pause } from 'node:timers/promises'
import type { Case } from '../case.ts'
import { connect, type Engine, servers } from '../engine.ts'
import type { Figure } from '../figure.ts'
import { check, refusal, times, until } from '../timing.ts'

const full = { rounds: 5, refusals: 500, openFor: 1_000 }
/** How often somebody asks while the server is away. */
const askedEvery = 2

export async function measure(engine: Engine, { rounds, refusals, openFor } = full): Promise<Figure[]> {
  await using server = await ownServer(engine === 'mariadb' ? 'mariadb' : 'postgres', () => [])
  await using proxy = await faultProxy({ port: server.port })
  const { href } = Object.assign(new URL(server.url), { port: String(proxy.port) })
  await using db = connect(engine, href, { pool: { max: 4 }, breaker: { failures: 5, window: '10s', openFor } })
  await db.connect()
  await server.stop()
  await until('the breaker is open', () => isOpen(db))
  const took = await times(refusals, () => refuse(db))
  await server.startAgain()
  await until('the breaker is closed', () => answers(db))

  const waits = await times(rounds, async (round) => {
    proxy.refuse()
    proxy.cut()
    await until('the breaker is open', () => isOpen(db))
    // The network comes back at another moment of the time in which nobody tries it.
    await pause((openFor * round) / rounds)
    return recover(db, () => proxy.heal())
  })
  const slowest = waits.toSorted((a, b) => b.took - b.probe - (a.took - a.probe))[0] ?? { took: Number.NaN, probe: Number.NaN }
  return [
    { what: 'CircuitOpen while the server is stopped: p50', unit: 'ms', value: quantile(took, 0.5), bound: { below: 5 } },
    { what: 'CircuitOpen while the server is stopped: p99', unit: 'ms', value: quantile(took, 0.99), bound: { below: 5 } },
    { what: `CircuitOpen while the server is stopped: longest of ${refusals}`, unit: 'ms', value: Math.max(...took), bound: { below: 5 } },
    {
      what: `from the server's return to a closed breaker, openFor ${openFor} ms and a probe of ${slowest.probe.toFixed(1)} ms: longest of ${rounds}`,
      unit: 'ms',
      value: slowest.took,
      bound: { below: openFor + slowest.probe + 2 * askedEvery },
    },
  ]
}

async function isOpen(db: Database): Promise<boolean> {
  return (await refusal(() => db.sql`select 1`)).error instanceof errors.CircuitOpen
}

async function refuse(db: Database): Promise<number> {
  const { error, took } = await refusal(() => db.sql`select 1`)
  check(error instanceof errors.CircuitOpen, `The breaker is not open any more: ${String(error)}`)
  return took
}

async function answers(db: Database): Promise<boolean> {
  return db.sql`select 1`.then(
    () => true,
    () => false,
  )
}

/** Milliseconds until the breaker closed, and those of the query that tried the server for it. */
async function recover(db: Database, heal: () => void): Promise<{ took: number; probe: number }> {
  const at: Partial<Record<BreakerEvent['state'], number>> = {}
  const stop = db.on('breaker', ({ state }) => (at[state] = performance.now()))
  const healed = performance.now()
  heal()
  await until('the breaker is closed', () => answers(db), askedEvery)
  stop()
  return { took: (at.closed ?? Number.NaN) - healed, probe: (at.closed ?? Number.NaN) - (at['half-open'] ?? Number.NaN) }
}

export const breaker: Case = { id: 'DB-10', title: 'a server that is away', engines: servers, measure }
