// Installs what the workspace's own install leaves out: the ORMs in ../peers and, for Python's, a virtual environment.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const peers = fileURLToPath(new URL('../peers', import.meta.url))
const pnpm = fileURLToPath(new URL('../../../node_modules/pnpm/bin/pnpm.cjs', import.meta.url))
const prisma = fileURLToPath(new URL('../peers/node_modules/prisma/build/index.js', import.meta.url))

const wants = process.argv.slice(2)
if (wants.length === 0 || wants.includes('node')) installNode()
if (wants.length === 0 || wants.includes('python')) installPython()

function installNode(): void {
  run(process.execPath, [pnpm, 'install', '--frozen-lockfile'])
  for (const engine of ['sqlite', 'postgres']) {
    // Generating needs no engine, but asks for one: any program that can be started will do.
    run(process.execPath, [prisma, 'generate', `--schema=prisma/${engine}.prisma`, '--no-hints'], {
      PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    })
  }
}

function installPython(): void {
  run('python3', ['-m', 'venv', '.venv'])
  run('.venv/bin/python', ['-m', 'pip', 'install', '--quiet', '--requirement', 'python/requirements.txt'])
}

function run(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): void {
  const { status, error } = spawnSync(command, args, { cwd: peers, stdio: 'inherit', env: { ...process.env, ...environment } })
  if (status === 0) return
  const reason = error?.message ?? `it ended with ${status}`
  throw new Error(`${command} ${args.join(' ')}: ${reason}`)
}
