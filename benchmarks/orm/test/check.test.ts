import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { describeWith } from '@covet-workspace/tooling/services/jest'
import { canonical } from '../src/canonical.ts'
import { wrongResults } from '../src/check.ts'
import { openPlain, openPrecompiled, openWithStatements } from '../src/contenders/kysely.ts'
import { openPrepared, openUnprepared } from '../src/contenders/raw.ts'
import type { Engine, Open, OpenContender } from '../src/contract.ts'
import { post, user } from '../src/data.ts'
import { createTargets, type Target, type Targets } from '../src/target.ts'
import { type WorkloadName, workloadNames, workloads } from '../src/workloads.ts'

/** The contender in this process, asked as its own process would be. */
function inProcess({ operations }: OpenContender, workload: WorkloadName): { call(message: object): Promise<unknown> } {
  const operate = operations[workload] as (input: unknown) => unknown
  const { input } = workloads[workload] as { input(index: number): unknown }
  return { call: async (message) => canonical(workload, await operate(input((message as { index: number }).index))) }
}

async function findWrong(
  open: Open,
  engine: Engine,
  target: Target,
  breakIt: (contender: OpenContender) => void = () => {},
): Promise<string[]> {
  const contender = await open(engine, target.url)
  breakIt(contender)
  try {
    const wrong: string[] = []
    for (const workload of workloadNames.filter((name) => contender.operations[name])) {
      wrong.push(...(await wrongResults(workload, inProcess(contender, workload), target)))
    }
    return wrong
  } finally {
    await contender.close()
  }
}

const own: readonly (readonly [string, Open])[] = [
  ['raw, prepared', openPrepared],
  ['raw, unprepared', openUnprepared],
  ['kysely as it comes', openPlain],
  ['kysely with statements', openWithStatements],
  ['kysely precompiled', openPrecompiled],
]

describe('the check on SQLite', () => {
  let targets: Targets
  beforeAll(() => {
    targets = createTargets()
  })
  afterAll(async () => {
    await targets[Symbol.asyncDispose]()
  })

  it.each(own)('finds %s right', async (_name, open) => {
    expect(await findWrong(open, 'sqlite', await targets.open('sqlite'))).toEqual([])
  })

  it('refuses a row of another id', async () => {
    const wrong = await findWrong(openPrepared, 'sqlite', await targets.open('sqlite'), ({ operations }) => {
      const { 'select-pk': right } = operations
      operations['select-pk'] = (id) => right?.(id + 1)
    })
    expect(wrong).toHaveLength(4)
    expect(wrong[0]).toContain('operation 0 gave {"id":2')
  })

  it('refuses what is not stored, stored only in part, or stored elsewhere', async () => {
    const wrong = await findWrong(openPrepared, 'sqlite', await targets.open('sqlite'), ({ operations }) => {
      const { 'bulk-1000': bulk, 'update-pk': update } = operations
      operations['insert-one'] = () => 1
      operations['bulk-1000'] = (notes) => bulk?.([...notes.slice(1), notes[1] as (typeof notes)[number]])
      operations['update-pk'] = ({ id, hits }) => update?.({ id, hits: hits + 1 })
    })
    expect(wrong).toContain('operation 0 left undefined in the table')
    expect(wrong).toContain('operation 0 stored 1000 rows, or other ones')
    expect(wrong).toContain('operation 517 left {"hits":518} in the table')
  })

  it('refuses children that are missing and rows out of order', async () => {
    const wrong = await findWrong(openPrepared, 'sqlite', await targets.open('sqlite'), ({ operations }) => {
      const { 'eager-50x20': eager, 'filter-order-limit': top } = operations
      operations['eager-50x20'] = (after) =>
        (eager?.(after) as { posts: unknown[] }[]).map((row) => ({ ...row, posts: row.posts.slice(1) }))
      operations['filter-order-limit'] = (views) => (top?.(views) as unknown[]).toReversed()
    })
    expect(wrong).toHaveLength(8)
  })
})

describeWith('postgres', 'the check on PostgreSQL', () => {
  let targets: Targets
  let target: Target
  beforeAll(async () => {
    targets = createTargets()
    target = await targets.open('postgres')
  })
  afterAll(async () => {
    await targets[Symbol.asyncDispose]()
  })

  it.each(own)('finds %s right', async (_name, open) => {
    expect(await findWrong(open, 'postgres', target)).toEqual([])
  })
})

describe('the plain form of a result', () => {
  it('is the same for both ways to name a column, and for children in any order', () => {
    const { author_id: authorId, ...rest } = post(21)
    const row = { ...user(2), posts: new Set([post(22), { ...rest, authorId }]) }
    expect(canonical('eager-50x20', [row])).toEqual([{ ...user(2), posts: [post(21), post(22)] }])
  })

  it('tells NULL from a column that is left out', () => {
    const { bio: _, ...without } = user(3)
    expect(canonical('select-pk', user(3))).toMatchObject({ bio: null })
    expect(canonical('select-pk', without)).toMatchObject({ bio: 'missing' })
  })

  it('is none of what is no row', () => {
    expect(() => canonical('select-pk', undefined)).toThrow('A row was expected')
    expect(() => canonical('select-100', { rows: [] })).toThrow('Rows were expected')
  })
})
