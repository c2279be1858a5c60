import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { programOf } from '../src/compilers.ts'
import { compile, parseDiagnostics, parseTimes } from '../src/measure.ts'
import { writeProject } from '../src/write.ts'

describe('what the compiler and the shell print', () => {
  it('is read as seconds of the compiler and its children, user and system together', () => {
    expect(parseTimes('0m0.010s 0m0.020s\n1m2.500s 0m0.250s\n')).toBeCloseTo(62.75)
    // As dash prints it.
    expect(parseTimes('0m0.000000s 0m0.000000s\n0m1.500000s 0m0.500000s\n')).toBeCloseTo(2)
  })

  it('is read as counts and bytes', () => {
    const output = 'Files: 3\nTypes:                   1,407\nInstantiations:  2522\nMemory used:  68,157K\nTotal time: 0.5s\n'
    expect(parseDiagnostics(output)).toEqual({ types: 1407, instantiations: 2522, memory: 68_157 * 1024 })
  })

  it('is refused when it is something else', () => {
    expect(() => parseTimes('real 1.2')).toThrow('were not understood')
    expect(() => parseDiagnostics('Types: 3')).toThrow("no 'Instantiations'")
  })
})

describe('compiling a project', () => {
  let root: string
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'covet-types-'))
  })
  afterAll(() => rmSync(root, { recursive: true, force: true }))

  const box = 'export type Box<T> = { value: T }\nexport const box: Box<number> = { value: 1 }\n'

  it('costs time, types and memory', async () => {
    const folder = writeProject('right', new Map([['index.ts', box]]), root)
    const { cpu, instantiations, memory } = await compile(programOf('7.0'), folder)
    expect(cpu).toBeGreaterThan(0)
    expect(instantiations).toBeGreaterThan(0)
    expect(memory).toBeGreaterThan(1_000_000)
  })

  it('is no measurement when the project has errors: they are named', async () => {
    const folder = writeProject('wrong', new Map([['index.ts', `${box}export const other: Box<string> = box\n`]]), root)
    await expect(compile(programOf('7.0'), folder)).rejects.toThrow('error TS2322')
  })
})
