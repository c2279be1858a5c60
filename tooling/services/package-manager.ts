import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { isRoot } from './account.ts'
import type { PackageManager, ServiceDefinition } from './definition.ts'

const managers: readonly { name: PackageManager; install: string }[] = [
  { name: 'apt-get', install: 'sudo apt-get install -y --no-install-recommends' },
  { name: 'brew', install: 'brew install' },
  { name: 'dnf', install: 'sudo dnf install -y' },
  { name: 'apk', install: 'sudo apk add' },
  { name: 'pacman', install: 'sudo pacman -S' },
]

/** What somebody types on this machine to get the server, in one line. */
export function installAdvice({ title, version, packages, environment }: ServiceDefinition, path: string): string {
  const manager = managers.find(({ name }) => isOnPath(name, path))
  const command = manager ? `run: ${manager.install} ${packages[manager.name]}` : `install ${title} ${version.join('.')} or newer`
  return `${title} ${version.join('.')} or newer is not on this machine; ${command} (or set ${environment.join(' or ')})`
}

/**
 * Whether missing servers may be installed without asking: as root on Debian or Ubuntu, which is a container or CI.
 * `COVET_SERVICES_INSTALL=never` forbids it.
 */
export function mayInstall(environment: NodeJS.ProcessEnv): boolean {
  return (
    environment['COVET_SERVICES_INSTALL'] !== 'never' &&
    isRoot() &&
    existsSync('/etc/debian_version') &&
    isOnPath('apt-get', environment['PATH'] ?? '')
  )
}

function isOnPath(name: string, path: string): boolean {
  return path.split(delimiter).some((folder) => existsSync(join(folder, name)))
}
