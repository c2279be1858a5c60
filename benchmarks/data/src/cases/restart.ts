import { execFileSync } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Database } from '@covet/db'
import { createTables } from '@covet/orm/testing'
import { startProcess } from '@covet/testing'
import { median } from '@covet-benchmarks/common/statistics'
import type { Case } from '../case.ts'
import { connect, type Engine, engines, openSpace } from '../engine.ts'
import type { Figure } from '../figure.ts'
import { Account, Entry } from '../ledger.ts'
import { check, times } from '../timing.ts'

/** `built`: its packages are JavaScript, as published. */
const full = { kills: 20, built: true }
const root = fileURLToPath(new URL('../../../../', import.meta.url))
const packages = ['sqlite', 'postgres', 'mysql', 'orm'].map((name) => `packages/data/${name}`)

export async function measure(engine: Engine, { kills, built } = full): Promise<Figure[]> {
  if (built) execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b', ...packages], { cwd: root })
  await using space = await openSpace(engine)
  await using db = connect(engine, space.url)
  await createTables(db, [Account, Entry])
  await Account.using(db).createMany([{}, {}])
  const answered = await times(kills, (number) => killOne(engine, space.url, number, built, db))
  await checkBalances(db)
  const what = `from the start of a process whose predecessor was killed while it wrote to the first answer of the database`
  return [
    { what: `${what}: p50`, unit: 'ms', value: median(answered), bound: { below: 1_000 } },
    { what: `${what}: longest of ${kills}`, unit: 'ms', value: Math.max(...answered), bound: { below: 1_000 } },
  ]
}

/** Milliseconds to its first answer. */
async function killOne(engine: Engine, url: string, number: number, built: boolean, db: Database): Promise<number> {
  const began = performance.now()
  await using child = await startProcess(new URL('../processes/transfers.ts', import.meta.url), {
    args: [engine, url, String(number)],
    nodeArgs: built ? ['--import', new URL('../processes/built.ts', import.meta.url).href] : [],
    ready: /^answered$/,
    timeout: '1m',
  })
  const answered = performance.now() - began
  await pause(100 + ((number * 37) % 300))
  child.signal('SIGKILL')
  await child.exit
  const acknowledged = child.stdout.split('\n').filter((line) => line === 'acknowledged').length
  const kept = (await Entry.using(db).where('process', number).count()) / 2
  check(kept >= acknowledged, `Of ${acknowledged} transfers that were acknowledged, ${kept} are there.`)
  return answered
}

async function checkBalances(db: Database): Promise<void> {
  for (const { id, balance, entries } of await Account.using(db).with('entries')) {
    const sum = entries.reduce((total, { amount }) => total + amount, 0)
    check(entries.length > 0 && balance === sum, `Account ${id} has ${balance}, and ${entries.length} entries of ${sum}.`)
  }
  const whole = await Account.using(db)
    .query()
    .aggregate((account) => ({ sum: account.balance.sum() }))
  check(Number(whole.sum) === 0, `Half of a transfer was kept: ${whole.sum}.`)
}

export const restart: Case = { id: 'REL-10', title: 'an application that is killed while it writes', engines, measure }
