import { rmSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { messageOf } from '../services/errors.ts'
import { closingLine, countStep, sum, type Count } from './ci-count.ts'
import { steps, type Step } from './ci-steps.ts'
import { run } from './run.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const workspaceNode = dirname(process.execPath)
const stepLimitMs = 15 * 60_000

interface Outcome {
  step: Step
  count: Count
  seconds: number
}

/** Runs every step, whatever the ones before it said, and answers whether all held. */
async function ci(): Promise<boolean> {
  const outcomes: Outcome[] = []
  for (const step of steps({ major: process.versions.node.split('.')[0] ?? '', newest: newestNode() })) {
    console.log(`\n=== ${step.name}`)
    outcomes.push(await perform(step))
  }
  const total = sum(outcomes.map(({ count }) => count))
  console.log(`\n${outcomes.map(outcomeLine).join('\n')}\n\n${closingLine(total)}`)
  return total.failed === 0
}

async function perform(step: Step): Promise<Outcome> {
  if (step.skipReason) {
    console.log(`skipped: ${step.skipReason}`)
    return { step, count: { passed: 0, failed: 0, skipped: 1 }, seconds: 0 }
  }
  const report = step.report && join(root, step.report)
  if (report) rmSync(report, { force: true })
  const startedAt = performance.now()
  const exitCode = await exitCodeOf(step)
  return { step, count: countStep(exitCode, report), seconds: (performance.now() - startedAt) / 1000 }
}

async function exitCodeOf(step: Step): Promise<number> {
  const [command = '', ...args] = step.command
  try {
    return await run(command, args, {
      cwd: root,
      env: { ...process.env, PATH: pathFor(step), ...step.environment },
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: stepLimitMs,
    })
  } catch (error) {
    console.log(messageOf(error))
    return 127
  }
}

/** The first stage put the workspace's Node first in PATH; a step that runs as somebody types it must not see that. */
function pathFor({ node }: Step): string {
  const others = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !isBundledNode(folder))
  return (node === 'workspace' ? [workspaceNode, ...others] : others).join(delimiter)
}

const isBundledNode = (folder: string): boolean => folder.startsWith(join(root, 'node_modules', 'node-'))

/** Missing on a platform that has it, it counts as a failed step: an optional dependency that fails to download is silent. */
function newestNode(): string | undefined {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) return undefined
  return join(root, 'tooling', 'node_modules', `node-26-linux-${process.arch}`, 'bin', 'node')
}

function outcomeLine({ step, count, seconds }: Outcome): string {
  const verdict = count.failed > 0 ? 'FAILED ' : count.passed > 0 ? 'passed ' : 'skipped'
  return `${verdict}  ${step.name.padEnd(36)} ${seconds.toFixed(1).padStart(7)} s  ${step.report ? closingLine(count) : ''}`.trimEnd()
}

process.exitCode = (await ci()) ? 0 : 1
