import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describeWith } from '@covet-workspace/tooling/services/jest'
import { expect, it } from '@jest/globals'

const run = promisify(execFile)
const program = fileURLToPath(new URL('support/generated-code-process.ts', import.meta.url))

async function reportOf(url: string, ...flags: readonly string[]): Promise<Record<string, unknown>> {
  const { stdout } = await run(process.execPath, [...flags, program, url])
  return JSON.parse(stdout) as Record<string, unknown>
}

// The drivers of the other engines make code from strings themselves.
describeWith('postgres', 'a process that forbids code from strings', (open) => {
  it('checks, stores, reads, saves and loads as any other (trap 37)', async () => {
    const { url } = await open()
    const { code, ...made } = await reportOf(url)
    const { code: forbidden, ...looped } = await reportOf(url, '--disallow-code-generation-from-strings')
    expect([code, forbidden]).toEqual([true, false])
    expect(looped).toEqual(made)
    expect(looped['created']).toEqual([
      [1, 'one', null, 7, 14, null, null, 1],
      [2, 'two', 'kept', 7, 14, null, null, 1],
      [3, 'three', null, 7, 14, '1.50', true, 1],
      [4, 'four', null, 4, 8, null, null, 1],
      [5, 'five', 'five', 7, 14, null, null, 1],
      [6, 'six', null, 6, 12, null, null, 1],
      [7, 'seven', null, 7, 14, null, false, 1],
    ])
    expect(looped['rows']).toEqual([
      [1, 'one', null, 7, 14, null, null, 1],
      [2, 'two', 'saved', 7, 14, '20.00', null, 1],
      [3, 'three', 'updated', 7, 14, '3.00', true, 1],
      [4, 'four', null, 44, 88, null, null, 1],
      [5, 'five', 'five', 7, 14, null, null, 1],
      [7, 'seven', null, 7, 14, null, false, 1],
    ])
    expect(looped['wide']).toEqual([
      { id: 1, c1: 1, c11: 11 },
      { id: 2, c1: 2, c12: 12 },
      { id: 3, c59: 59 },
      { id: 4, c5: 5, c9: 9 },
      { id: 5, c59: 3 },
    ])
    expect([looped['changed'], looped['stored']]).toEqual([{ note: 'saved', price: '20.00' }, {}])
    const refused = Object.entries(looped).filter(([what]) => what.includes(': '))
    expect(refused).toHaveLength(44)
    expect(refused.filter(([, how]) => typeof how !== 'string' || !/^(orm|db)\/[a-z-]+$/.test(how))).toEqual([])
  })
})
