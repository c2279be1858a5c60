import { parseArgs } from 'node:util'
import { list } from '@covet-benchmarks/common/command'
import { caseIds } from './cases.ts'
import { type Engine, engines } from './engine.ts'

export interface RunOptions {
  only: readonly string[]
  engines: readonly Engine[]
  verdict: boolean
  write: boolean
}

export const usage = `pnpm --filter @covet-benchmarks/data start [options]

  --only DB-13,ORM-14                which cases (${caseIds.join(', ')})
  --engine sqlite,postgres,mariadb   on which engines
  --verdict                          ends with 1 when a bound does not hold
  --write                            write results.json and the table in README.md`

const flags = {
  only: { type: 'string' },
  engine: { type: 'string' },
  verdict: { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

/** Undefined when help was asked for. */
export function parseOptions(args: readonly string[]): RunOptions | undefined {
  const { values } = parseArgs({ args: [...args], options: flags })
  if (values.help) return undefined
  return {
    only: list(values.only, caseIds),
    engines: list(values.engine, engines),
    verdict: values.verdict,
    write: values.write,
  }
}
