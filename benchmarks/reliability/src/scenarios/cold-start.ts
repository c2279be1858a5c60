import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { median } from '@covet-benchmarks/common/statistics'
import { httpClient, startProcess } from '@covet/testing'
import { type Contender, start } from '../contender.ts'
import { type Figure, figure } from '../figure.ts'

const rounds = 11
const conduit = new URL('../../../../apps/conduit/src/main.ts', import.meta.url)

/** From nothing to listening. TypeScript is stripped on the way, as in a checkout. */
export async function coldStart(contender: Contender): Promise<readonly Figure[]> {
  const took: number[] = []
  const memory: number[] = []
  for (let round = 0; round < rounds; round++) {
    const started = performance.now()
    await using server = await start(contender)
    took.push(performance.now() - started)
    await httpClient(server.url).get('/ping').expect(200)
    memory.push(server.process.residentMemory())
  }
  return [figure('cold start to listening', 'ms', median(took)), figure('memory after the first request', 'MB', median(memory))]
}

/** The example application: SQLite, passwords, tokens, typed routes, its API description. */
export async function coldStartOfConduit(): Promise<readonly Figure[]> {
  const took: number[] = []
  const memory: number[] = []
  for (let round = 0; round < rounds; round++) {
    const folder = await mkdtemp(join(tmpdir(), 'covet-cold-start-'))
    const started = performance.now()
    {
      await using server = await startProcess(conduit, {
        env: { PORT: '0', DATABASE_FILE: join(folder, 'conduit.db'), DEMO_DATA: 'false' },
        ready: /Home page/,
      })
      took.push(performance.now() - started)
      memory.push(server.residentMemory())
    }
    await rm(folder, { recursive: true })
  }
  return [figure('cold start to listening', 'ms', median(took)), figure('memory once it listens', 'MB', median(memory))]
}
