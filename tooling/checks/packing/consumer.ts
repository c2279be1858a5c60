import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { subpathsOf } from '../exports.ts'
import { smokeFile } from '../manifests/smoke.ts'
import { runNode, tools } from '../process.ts'
import type { Finding } from '../report.ts'
import { writeJson, type Package } from '../workspace.ts'
import { countInstalled, type InstalledCount } from './count.ts'
import type { Tarball } from './pack.ts'

export interface Consumer {
  /** An empty folder outside the repository. */
  readonly folder: string
  readonly tarballs: readonly Tarball[]
  /** pnpm's store, shared with the workspace so that nothing is fetched twice. */
  readonly store: string
}

export interface Consumed {
  readonly findings: readonly Finding[]
  readonly count?: InstalledCount
}

/** Installs one packed package as a stranger would, imports every door of it and, for a plugin, registers it in plain Fastify. */
export async function consume(pkg: Package, consumer: Consumer): Promise<Consumed> {
  const where = `${pkg.name} installed`
  const installed = await install(consumer, dependenciesOf(pkg, consumer.tarballs))
  if (installed !== undefined) return { findings: [{ where, what: installed }] }
  const failures = [await importAll(pkg, consumer.folder), await registerInPlainFastify(pkg, consumer.folder)]
  return {
    findings: failures.filter((what) => what !== undefined).map((what) => ({ where, what })),
    count: countInstalled(consumer.folder, pkg.name),
  }
}

/** The package, its required peers and theirs and, when it is an optional peer, Fastify: nothing else is in reach. */
function dependenciesOf(pkg: Package, tarballs: readonly Tarball[]): Record<string, string> {
  const ranges = new Map([[pkg.name, '']])
  for (const [name] of ranges) {
    const manifest = name === pkg.name ? pkg.manifest : tarballs.find((tarball) => tarball.pkg.name === name)?.pkg.manifest
    const { peerDependencies = {}, peerDependenciesMeta = {} } = manifest ?? {}
    for (const [peer, range] of Object.entries(peerDependencies)) {
      const isRequired = peer === 'fastify' || peerDependenciesMeta[peer]?.optional !== true
      if (isRequired && !ranges.has(peer)) ranges.set(peer, range)
    }
  }
  return Object.fromEntries([...ranges].map(([name, range]) => [name, tarballOf(name, tarballs) ?? range]))
}

export function tarballOf(name: string, tarballs: readonly Tarball[]): string | undefined {
  const tarball = tarballs.find(({ pkg }) => pkg.name === name)
  return tarball && `file:${tarball.file}`
}

/** Installs into the consumer's folder; the reason when that fails. */
export async function install({ folder, tarballs, store }: Consumer, dependencies: Record<string, string>): Promise<string | undefined> {
  mkdirSync(folder, { recursive: true })
  const overrides = Object.fromEntries(tarballs.map(({ pkg, file }) => [pkg.name, `file:${file}`]))
  writeJson(join(folder, 'package.json'), { name: 'consumer', private: true, type: 'module', dependencies, pnpm: { overrides } })
  const settings = [
    'node-linker=isolated',
    'hoist=false',
    'auto-install-peers=false',
    'strict-peer-dependencies=true',
    // pnpm hands the workspace's own strictness to the scripts it runs; a stranger has pnpm's default.
    'strict-dep-builds=false',
    'minimum-release-age=2880',
  ]
  const ran = await runNode(
    [
      tools.pnpm,
      'install',
      '--ignore-workspace',
      '--prefer-offline',
      '--store-dir',
      store,
      ...settings.map((setting) => `--config.${setting}`),
    ],
    { cwd: folder, env: { CI: 'true' } },
  )
  return ran.code === 0 ? undefined : `cannot be installed:\n${ran.stdout}${ran.stderr}`
}

async function importAll(pkg: Package, folder: string): Promise<string | undefined> {
  const specifiers = subpathsOf(pkg).map(({ subpath }) => pkg.name + subpath.slice(1))
  const program = `for (const specifier of process.argv.slice(1)) await import(specifier)\nprocess.exit(0)`
  const ran = await runNode(['--input-type=module', '--eval', program, ...specifiers], { cwd: folder })
  return ran.code === 0 ? undefined : `cannot be imported by Node ${process.versions.node}:\n${ran.stderr}`
}

const host = `
import assert from 'node:assert/strict'
import Fastify from 'fastify'
import { register, verify } from './plain-fastify.ts'
const app = Fastify()
await register(app)
await app.ready()
await verify(app)
await app.close()
`

async function registerInPlainFastify(pkg: Package, folder: string): Promise<string | undefined> {
  const source = join(pkg.directory, smokeFile)
  if (!existsSync(source)) return undefined
  copyFileSync(source, join(folder, 'plain-fastify.ts'))
  writeFileSync(join(folder, 'host.js'), host)
  const ran = await runNode(['host.js'], { cwd: folder })
  return ran.code === 0 ? undefined : `does not work in plain Fastify:\n${ran.stdout}${ran.stderr}`
}
