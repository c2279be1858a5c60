import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { startNode, type ProgramOutcome } from './support/program.ts'

// A workspace of our own around the real first stage, with an npx that notes its arguments and "installs" this very Node.
let workspace: string
let bin: string

const bundled = `node_modules/node-linux-${process.arch}/bin/node`

function writeManifest(minimumNode: string): void {
  writeFileSync(
    join(workspace, 'package.json'),
    JSON.stringify({ type: 'module', engines: { node: `>=${minimumNode}` }, packageManager: 'pnpm@10.34.8' }),
  )
}

function writeProgram(name: string, script: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`)
  chmodSync(join(bin, name), 0o755)
}

beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'covet-first-stage-'))
  bin = join(workspace, 'bin')
  cpSync(fileURLToPath(new URL('../launch', import.meta.url)), join(workspace, 'tooling/launch'), { recursive: true })
  mkdirSync(join(workspace, 'packages/http/session'), { recursive: true })
  mkdirSync(bin)
  writeFileSync(join(workspace, 'packages/http/session/package.json'), '{}')
  writeFileSync(join(workspace, 'pnpm-workspace.yaml'), 'packages:\n  - packages/*/*\n  - tooling\n')
  writeFileSync(join(workspace, 'pnpm-lock.yaml'), 'lockfileVersion: 9\n')
  writeFileSync(
    join(workspace, 'app.mjs'),
    "console.log('app runs on', process.execPath, 'PATH', process.env.PATH, process.argv.slice(2), 'npmrc', process.env.npm_config_globalconfig)",
  )
  writeManifest('24.0.0')
  writeProgram(
    'npx',
    `echo "npx $*" >> calls; env | grep ^npm_ >> calls; mkdir -p ${dirname(bundled)}; ln -sf '${process.execPath}' ${bundled}`,
  )
})

afterEach(() => rmSync(workspace, { recursive: true, force: true }))

function start(environment: NodeJS.ProcessEnv = {}, args: readonly string[] = []): Promise<ProgramOutcome> {
  return startNode([join(workspace, 'tooling/launch/start.mjs'), ...args], {
    env: { HOME: workspace, PATH: [bin, '/usr/bin', '/bin'].join(delimiter), COVET_START_ENTRY: 'app.mjs', ...environment },
  }).ended
}

const calls = (): string => (existsSync(join(workspace, 'calls')) ? readFileSync(join(workspace, 'calls'), 'utf8') : '')

describe('the first stage', () => {
  it('installs through npx when there is no pnpm, and says so', async () => {
    const { code, output } = await start()
    expect(output).toContain('fetching pnpm@10.34.8 from the npm registry')
    expect(output).toContain('installing the workspace')
    expect(output).toMatch(/installed in [\d.]+ s/)
    expect(output).toContain('app runs on')
    expect(calls()).toContain('npx --yes pnpm@10.34.8 install --frozen-lockfile')
    expect(code).toBe(0)
  })

  it('uses a pnpm 10 of the machine, and no other major', async () => {
    writeProgram('pnpm', `[ "$1" = --version ] && echo 10.2.0 && exit; mkdir -p node_modules; echo "pnpm $*" >> calls`)
    expect((await start()).output).toContain('using the pnpm 10.2.0 of this machine')
    expect(calls()).toContain('pnpm install --frozen-lockfile')
    rmSync(join(workspace, 'node_modules'), { recursive: true })
    writeProgram('pnpm', 'echo 12.0.0')
    expect((await start()).output).toContain('fetching pnpm@10.34.8')
  })

  it('is silent and installs nothing when nothing changed', async () => {
    await start()
    const before = calls()
    const { output } = await start({}, ['--flag', 'value'])
    expect(output).not.toContain('covet:')
    expect(output).toContain("[ '--flag', 'value' ]")
    expect(calls()).toBe(before)
  })

  it.each(['pnpm-lock.yaml', 'packages/http/session/package.json'])('installs again when %s changed', async (file) => {
    await start()
    writeFileSync(join(workspace, file), '{ "changed": true }')
    expect((await start()).output).toContain('installing the workspace')
  })

  it('keeps the registry of the user and what npm says of itself out of the install', async () => {
    await start({
      npm_config_registry: 'http://registry.example',
      npm_config_prefix: '/elsewhere',
      npm_lifecycle_event: 'start',
      npm_config_yes: '',
    })
    expect(calls()).toContain('npm_config_registry=http://registry.example')
    expect(calls()).not.toMatch(/npm_config_prefix|npm_lifecycle_event|npm_config_yes/)
  })

  it('starts nothing when the install fails, and ends with its code', async () => {
    writeProgram('npx', 'echo no network; exit 9')
    const { code, output } = await start()
    expect(output).toContain('no network')
    expect(output).toContain('the install failed, see above')
    expect(output).not.toContain('app runs')
    expect(code).toBe(9)
  })

  it('installs once when two commands are typed at the same time', async () => {
    writeProgram('npx', `echo "npx $*" >> calls; mkdir -p node_modules; sleep 1`)
    const outcomes = await Promise.all([start(), start()])
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0])
    expect(calls().match(/npx/g)).toHaveLength(1)
    expect(outcomes.some(({ output }) => output.includes('another process is installing'))).toBe(true)
  })

  if (process.platform === 'linux') {
    it('runs the application on the Node of the install when its own is too old', async () => {
      writeManifest('99.0.0')
      const { code, output } = await start()
      expect(output).toContain('app runs on')
      expect(output).toContain(`PATH ${join(workspace, dirname(bundled))}${delimiter}${bin}`)
      expect(output).toMatch(/npmrc .*etc\/npmrc/)
      expect(code).toBe(0)
    })

    it('says what to do when the install brought no Node', async () => {
      writeManifest('99.0.0')
      writeProgram('npx', 'mkdir -p node_modules')
      const { code, output } = await start()
      expect(output).toContain('Install Node 99.0.0 or newer')
      expect(code).toBe(1)
    })
  } else {
    it('says which Node to install where the registry has none', async () => {
      writeManifest('99.0.0')
      const { code, output } = await start()
      expect(output).toContain('install Node 99.0.0 or newer')
      expect(code).toBe(1)
    })
  }
})
