import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fingerprint } from './fingerprint.mjs'
import { withInstallLock } from './install-lock.mjs'
import { run } from './run.mjs'

// What npm tells its scripts about itself: pnpm would read it as its own settings. A registry, a proxy or a certificate
// that the user set stays. NODE_ENV=production would leave out what the tests need.
const npmOwn =
  /^npm_(?:lifecycle_|package_|command$|execpath$|node_execpath$|config_(?:.*prefix|user_agent|node_gyp|yes|omit|production|only)$)/

/**
 * Installs the workspace unless node_modules already matches the lockfile and the manifests.
 * @param {{ root: string, packageManager: string, say: (message: string) => void }} options
 */
export async function install({ root, packageManager, say }) {
  if (isInstalled(root)) return
  await withInstallLock(root, { onWait: () => say('another process is installing this checkout, waiting for it') }, async () => {
    if (isInstalled(root)) return
    const startedAt = performance.now()
    const [command, ...args] = pnpmCommand(root, packageManager, say)
    say('installing the workspace as the lockfile says; the first time takes a minute')
    const code = await run(
      command,
      [...args, 'install', '--frozen-lockfile', '--prod=false', '--config.confirmModulesPurge=false', '--config.updateNotifier=false'],
      {
        cwd: root,
        env: installEnvironment(process.env),
      },
    )
    if (code !== 0) throw new InstallError(code)
    writeFileSync(stampFile(root), fingerprint(root))
    say(`installed in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
  })
}

/** The package manager ended with an error, which it has printed. */
export class InstallError extends Error {
  /** @param {number} exitCode */
  constructor(exitCode) {
    super(
      exitCode > 128
        ? 'the install was interrupted; the next command takes it up again'
        : 'the install failed, see above. If a package.json was edited, bring pnpm-lock.yaml up to date: npx pnpm install',
    )
    this.exitCode = exitCode
  }
}

/** @param {string} root */
function isInstalled(root) {
  return existsSync(stampFile(root)) && readFileSync(stampFile(root), 'utf8') === fingerprint(root)
}

/** @param {string} root */
function stampFile(root) {
  return join(root, 'node_modules', '.covet-install')
}

/**
 * The pinned pnpm of an earlier install, else a pnpm of the same major on PATH, else the pinned one through npx.
 * @param {string} root
 * @param {string} packageManager as in package.json: pnpm@10.34.8
 * @param {(message: string) => void} say
 */
function pnpmCommand(root, packageManager, say) {
  const version = packageManager.slice('pnpm@'.length)
  const local = join(root, 'node_modules', 'pnpm')
  if (existsSync(join(local, 'package.json')) && JSON.parse(readFileSync(join(local, 'package.json'), 'utf8')).version === version) {
    return [process.execPath, join(local, 'bin', 'pnpm.cjs')]
  }
  // Asked outside the checkout, where the `packageManager` field cannot make it switch versions.
  const found = spawnSync('pnpm', ['--version'], { cwd: tmpdir(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  if (found.status === 0 && found.stdout.split('.')[0] === version.split('.')[0]) {
    say(`using the pnpm ${found.stdout.trim()} of this machine`)
    return ['pnpm']
  }
  say(`fetching ${packageManager} from the npm registry`)
  return ['npx', '--yes', packageManager]
}

/** @param {NodeJS.ProcessEnv} environment */
function installEnvironment(environment) {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !npmOwn.test(name)))
}
