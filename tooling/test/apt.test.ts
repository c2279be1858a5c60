import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { aptInstall, type DebianSystem } from '../services/apt.ts'

// An apt-get that notes what it was asked, and what the system told daemons at that moment.
let folder: string
let system: DebianSystem
const said: string[] = []

function writeProgram(file: string, script: string): void {
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'covet-apt-'))
  said.length = 0
  system = {
    aptGet: join(folder, 'apt-get'),
    policyFile: join(folder, 'policy-rc.d'),
    clusterFile: join(folder, 'createcluster.d/covet.conf'),
  }
  writeProgram(
    system.aptGet,
    `cd ${folder}; echo "$*" >> calls; ./policy-rc.d redis start; echo "policy $?" >> calls; cat createcluster.d/covet.conf >> calls`,
  )
})

afterEach(() => rmSync(folder, { recursive: true }))

const install = (): Promise<void> => aptInstall(['redis-server'], (message) => said.push(message), system)
const calls = (): string => readFileSync(join(folder, 'calls'), 'utf8')

describe('installing with apt-get', () => {
  it('keeps daemons and the main cluster from starting, and takes that back', async () => {
    await install()
    expect(calls()).toContain('install --yes --no-install-recommends redis-server')
    expect(calls()).toContain('policy 101')
    expect(calls()).toContain('create_main_cluster = false')
    expect(existsSync(system.policyFile)).toBe(false)
    expect(existsSync(system.clusterFile)).toBe(false)
    expect(said).toEqual(['installing redis-server with apt-get'])
  })

  it("puts the machine's own policy back as it was, also after a failure", async () => {
    writeProgram(system.policyFile, 'exit 104')
    writeProgram(system.aptGet, 'echo broken packages >&2; exit 100')
    await expect(install()).rejects.toThrow(/broken packages/)
    expect(readFileSync(system.policyFile, 'utf8')).toContain('exit 104')
    expect(statSync(system.policyFile).mode & 0o777).toBe(0o755)
  })

  it('leaves a policy alone that already forbids daemons', async () => {
    writeProgram(system.policyFile, 'exit 101')
    const before = statSync(system.policyFile).mtimeMs
    await install()
    expect(statSync(system.policyFile).mtimeMs).toBe(before)
  })

  it('refreshes the package lists when the first try fails, and tries again', async () => {
    writeProgram(system.aptGet, `cd ${folder}; echo "$*" >> calls; case "$*" in *update*) touch fresh;; *) [ -f fresh ];; esac`)
    await install()
    expect(
      calls()
        .trim()
        .split('\n')
        .map((line) => / (install|update)/.exec(line)?.[1]),
    ).toEqual(['install', 'update', 'install'])
    expect(said.at(-1)).toContain('apt-get update')
  })
})
