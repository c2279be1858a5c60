import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { programOf } from '../src/contenders/registry.ts'
import { items } from '../src/data.ts'
import { wrongAnswer } from '../src/http/measure.ts'
import { runSlice, type Slice } from '../src/loop.ts'
import { measure, openTargets } from '../src/measure.ts'
import { startWorker } from '../src/processes.ts'
import { createTargets, type Targets } from '../src/target.ts'

describe('a slice', () => {
  it('counts what ran, goes on where the last one ended, and knows times and memory', async () => {
    const seen: number[] = []
    const slice = await runSlice((index) => void seen.push(index), { duration: 5, callers: 1, first: 100 })
    expect(seen[0]).toBe(100)
    expect(seen).toHaveLength(slice.operations)
    expect(slice.cpu).toBeGreaterThan(0)
    expect(slice.p50).toBeLessThanOrEqual(slice.p99)
    expect(slice.rss).toBeGreaterThan(slice.heap)
  })

  it('has as many operations under way as it has callers, and awaits each', async () => {
    let [under, most] = [0, 0]
    const operation = async (): Promise<void> => {
      under += 1
      most = Math.max(most, under)
      await new Promise((resolve) => setImmediate(resolve))
      under -= 1
    }
    await runSlice(operation, { duration: 5, callers: 8, first: 0 })
    expect([under, most]).toEqual([0, 8])
  })

  it('awaits queries that only run when awaited', async () => {
    let ran = 0
    // oxlint-disable-next-line unicorn/no-thenable -- what query builders are
    const query = { then: (resolve: () => void) => ((ran += 1), resolve()) }
    const { operations } = await runSlice(() => query, { duration: 2, callers: 1, first: 0 })
    expect(ran).toBe(operations)
  })
})

describe('a contender in a process of its own', () => {
  let targets: Targets
  beforeAll(() => {
    targets = createTargets()
  })
  afterAll(async () => {
    await targets[Symbol.asyncDispose]()
  })

  const tiny = { rounds: 2, others: 1, slice: 5, warmup: 5, fresh: 1, random: () => 0, signal: new AbortController().signal }

  it('is checked, then measured round by round, and one without the workload is left out', async () => {
    const names = ['raw', 'kysely precompiled'] as const
    const opened = await openTargets('sqlite', names, targets)
    const of = (workload: 'select-pk' | 'eager-50x20') =>
      measure({ engine: 'sqlite', workload, names, targets: opened, options: tiny, cores: {} })
    const measured = await of('select-pk')
    expect([...measured.keys()]).toEqual(names)
    expect(measured.get('raw')).toHaveLength(2)
    expect((measured.get('raw') as readonly Slice[])[0]?.operations).toBeGreaterThan(0)
    expect([...(await of('eager-50x20')).keys()]).toEqual(['raw'])
  })

  it('is measured in every round where a few percent decide, and in some else', async () => {
    const names = ['raw', 'raw unprepared'] as const
    const opened = await openTargets('sqlite', names, targets)
    const options = { ...tiny, rounds: 4, others: 3 }
    const measured = await measure({ engine: 'sqlite', workload: 'select-pk', names, targets: opened, options, cores: {} })
    expect(names.map((name) => measured.get(name)?.map(({ round }) => round))).toEqual([
      [0, 1, 2, 3],
      [0, 3],
    ])
  })

  it('is not started on once the run is interrupted, and nothing is left open', async () => {
    const opened = await openTargets('sqlite', ['raw'], targets)
    const signal = AbortSignal.abort(new Error('Ended by SIGINT.'))
    const run = measure({
      engine: 'sqlite',
      workload: 'select-pk',
      names: ['raw'],
      targets: opened,
      options: { ...tiny, signal },
      cores: {},
    })
    await expect(run).rejects.toThrow('Ended by SIGINT.')
  })

  it('that cannot start fails with what it said', async () => {
    const start = startWorker([...programOf('raw'), 'raw', 'sqlite', '/nowhere/there.db', 'select-pk'])
    await expect(start).rejects.toThrow(/raw sqlite .* ended with 1 before it answered.*the directory does not exist/s)
  })

  it('answers a call that fails with what went wrong', async () => {
    const { url } = await targets.open('sqlite')
    const { worker, first } = await startWorker([...programOf('raw'), 'raw', 'sqlite', `${url}-without-tables`, 'select-pk'])
    try {
      expect(first).toBe(true)
      await expect(worker.call({ type: 'check', index: 0 })).rejects.toThrow('no such table: users')
    } finally {
      await worker.stop()
    }
  })
})

describe('the check of an answer over HTTP', () => {
  it('accepts the rows in any order of members', () => {
    const [first] = items(1)
    const reordered = Object.fromEntries(Object.entries(first as object).toReversed())
    expect(wrongAnswer(200, JSON.stringify([reordered]), 1)).toBeUndefined()
  })

  it('refuses another status, other rows and what is no JSON', () => {
    expect(wrongAnswer(500, 'oh', 1)).toBe('status 500: oh')
    expect(wrongAnswer(200, JSON.stringify(items(2)), 1)).toContain('other rows')
    expect(wrongAnswer(200, 'no', 1)).toContain('other rows')
  })
})
