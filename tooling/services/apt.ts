import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { dirname } from 'node:path'
import { execute } from './command.ts'
import { CommandFailedError } from './errors.ts'

/**
 * Installs Debian packages without any of their daemons starting. Must run as root.
 * @throws CommandFailedError with apt's own words
 */
export async function aptInstall(packages: readonly string[], say: (message: string) => void): Promise<void> {
  say(`installing ${packages.join(' ')} with apt-get`)
  await withoutDaemons(async () => {
    try {
      await apt('install', '--yes', '--no-install-recommends', ...packages)
    } catch (error) {
      if (!(error instanceof CommandFailedError)) throw error
      say('refreshing the package lists with apt-get update')
      await apt('update')
      await apt('install', '--yes', '--no-install-recommends', ...packages)
    }
  })
}

async function apt(...args: readonly string[]): Promise<void> {
  await execute('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', UCF_FORCE_CONFFOLD: '1' },
  })
}

const policyFile = '/usr/sbin/policy-rc.d'
const clusterFile = '/etc/postgresql-common/createcluster.d/covet.conf'

/** invoke-rc.d asks policy-rc.d, where 101 means no; PostgreSQL's package would also make a cluster of its own. */
async function withoutDaemons(work: () => Promise<void>): Promise<void> {
  const restore = (await forbidsStarts()) ? [] : [replaceFile(policyFile, '#!/bin/sh\nexit 101\n', 0o755)]
  restore.push(replaceFile(clusterFile, 'create_main_cluster = false\n', 0o644))
  try {
    await work()
  } finally {
    for (const putBack of restore) putBack()
  }
}

async function forbidsStarts(): Promise<boolean> {
  if (!existsSync(policyFile)) return false
  const [code] = await once(spawn(policyFile, ['covet-test', 'start'], { stdio: 'ignore' }), 'exit')
  return code === 101
}

/** Writes the file and answers how to undo that. */
function replaceFile(file: string, content: string, mode: number): () => void {
  const before = existsSync(file) ? { content: readFileSync(file), mode: statSync(file).mode } : undefined
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content, { mode })
  return () => (before ? writeFileSync(file, before.content, { mode: before.mode }) : rmSync(file))
}
