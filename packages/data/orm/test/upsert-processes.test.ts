import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { Counter } from './support/counter.ts'
import { onEachEngine } from './support/engines.ts'
import { fileDatabase } from './support/file-database.ts'
import type { UpsertOrder, UpsertReport } from './support/upsert-process.ts'

const processes = 10
const workers: ChildProcess[] = []

// They take longer to start than to write, and serve all engines.
beforeAll(async () => {
  for (let each = 0; each < processes; each += 1)
    workers.push(fork(new URL('support/upsert-process.ts', import.meta.url), { execArgv: [] }))
  expect(await Promise.all(workers.map(reportOf))).toEqual(workers.map(() => ({})))
})

afterAll(() => Promise.all(workers.map(ended)))

onEachEngine('upserts of ten processes', (open, dialect) => {
  it('leave one row per key, with the last value of one call (ORM-15)', async () => {
    await using at = await open([Counter])
    await using own = dialect === 'sqlite' ? await fileDatabase([Counter]) : undefined
    const [db, address] = own ? [own.db, own.file] : [at.db, at.url]
    const reports = workers.map(async (worker, number) => {
      const report = reportOf(worker)
      worker.send({ dialect, address, number } satisfies UpsertOrder)
      return report
    })
    expect(await Promise.all(reports)).toEqual(workers.map(() => ({})))
    const rows = await Counter.using(db).query().orderBy('name')
    expect(rows.map(({ name }) => name)).toEqual(['a', 'b', 'c'])
    expect(rows.map(({ value }) => value % 10)).toEqual([2, 2, 2])
    // All of them from the same call.
    expect(new Set(rows.map(({ value }) => value)).size).toBe(1)
  })
})

async function reportOf(worker: ChildProcess): Promise<UpsertReport> {
  const ending = new AbortController()
  const early = once(worker, 'exit', ending).then(([code]): UpsertReport => ({ error: `ended with ${code}` }))
  const report = once(worker, 'message', ending).then(([answer]) => answer as UpsertReport)
  try {
    return await Promise.race([report, early])
  } finally {
    ending.abort()
    await Promise.allSettled([early, report])
  }
}

async function ended(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return
  const exit = once(worker, 'exit')
  worker.disconnect()
  await exit
}
