import { mkdirSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serviceNames } from '../services/definitions.ts'
import { runVariables } from '../services/services.ts'
import { openTestRun, type TestRun } from '../services/test-run.ts'
import { jestFlags } from './jest-command.ts'
import { run } from './run.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const node = [...jestFlags, '--disable-warning=ExperimentalWarning']
const jest = ['node_modules/jest/bin/jest.js', '--maxWorkers=2']
const coverage = [
  '--coverage',
  '--coverageDirectory=coverage',
  ...['json-summary', 'json', 'text-summary'].map((name) => `--coverageReporters=${name}`),
  // Jest takes the words after an option of several values for more of them: one of a single value stands last.
  // V8 reports on every script that a worker ever loaded, after every test file: a fresh worker now and then halves the run.
  '--workerIdleMemoryLimit=300MB',
]

/** The whole suite with coverage; with arguments, what they select and nothing else: `npm test packages/http/session`. */
async function test(given: readonly string[]): Promise<number> {
  const isKept = Boolean(process.env['COVET_KEEP_SERVICES'])
  await using services = await openTestRun({ isKept, eager: given.length > 0 ? [] : serviceNames })
  const args = [...node, ...jest, ...report(process.env['COVET_TEST_REPORT']), ...(given.length > 0 ? given : coverage)]
  return await run(process.execPath, args, { cwd: root, env: environmentFor(services, isKept) })
}

/** The results as JSON for CI, which counts them. */
function report(file: string | undefined): string[] {
  if (!file) return []
  mkdirSync(dirname(join(root, file)), { recursive: true })
  return ['--json', `--outputFile=${file}`]
}

function environmentFor({ unavailable }: TestRun, isKept: boolean): NodeJS.ProcessEnv {
  return {
    ...process.env,
    // As npm has it for its scripts, for who starts this file directly; last, because it holds a `node` of its own.
    PATH: [process.env['PATH'], join(root, 'node_modules/.bin')].join(delimiter),
    ...(isKept ? {} : { [runVariables.unkept]: '1' }),
    [runVariables.unavailable]: JSON.stringify(unavailable),
  }
}

process.exitCode = await test(process.argv.slice(2))
