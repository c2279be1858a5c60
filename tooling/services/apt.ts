import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { dirname } from 'node:path'
import { execute } from './command.ts'
import { CommandFailedError } from './errors.ts'

/** The parts of a Debian system that an install touches. */
export interface DebianSystem {
  aptGet: string
  /** invoke-rc.d asks it before it starts a daemon; 101 means no. */
  policyFile: string
  /** Included by createcluster.conf: PostgreSQL's package would make a cluster of its own. */
  clusterFile: string
}

const debian: DebianSystem = {
  aptGet: 'apt-get',
  policyFile: '/usr/sbin/policy-rc.d',
  clusterFile: '/etc/postgresql-common/createcluster.d/covet.conf',
}

/**
 * Installs Debian packages without any of their daemons starting. Must run as root. The package lists are refreshed when
 * the first try fails: they may be missing or old.
 * @throws CommandFailedError with apt's own words
 */
export async function aptInstall(
  packages: readonly string[],
  say: (message: string) => void,
  system: DebianSystem = debian,
): Promise<void> {
  const install = (): Promise<void> => apt(system, 'install', '--yes', '--no-install-recommends', ...packages)
  say(`installing ${packages.join(' ')} with apt-get`)
  await withoutDaemons(system, async () => {
    try {
      await install()
    } catch (error) {
      if (!(error instanceof CommandFailedError)) throw error
      say('refreshing the package lists with apt-get update')
      await apt(system, 'update')
      await install()
    }
  })
}

async function apt({ aptGet }: DebianSystem, ...args: readonly string[]): Promise<void> {
  await execute(aptGet, ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', UCF_FORCE_CONFFOLD: '1' },
  })
}

async function withoutDaemons({ policyFile, clusterFile }: DebianSystem, work: () => Promise<void>): Promise<void> {
  const restore = (await forbidsStarts(policyFile)) ? [] : [replaceFile(policyFile, '#!/bin/sh\nexit 101\n', 0o755)]
  restore.push(replaceFile(clusterFile, 'create_main_cluster = false\n', 0o644))
  try {
    await work()
  } finally {
    for (const putBack of restore) putBack()
  }
}

async function forbidsStarts(policyFile: string): Promise<boolean> {
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
