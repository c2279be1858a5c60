import { spawnSync } from 'node:child_process'
import { accessSync, constants, globSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { ServiceDefinition } from './definition.ts'

/**
 * The definition's binaries as absolute paths, the server being of a version the tests accept; undefined when one is missing.
 * Folders are searched in PATH's order, then those of the definition, the accepted version closest to the wanted one first.
 */
export function findBinaries(definition: ServiceDefinition, path: string): Record<string, string> | undefined {
  const [server = '', ...companions] = definition.binaries
  const folders = searchFolders(definition, path)
  for (const folder of folders) {
    const found = executable(join(folder, server))
    if (!found || !isNewEnough(versionOf(found), definition.version)) continue
    // initdb and its server must be of one version: companions come from the server's folder where they are there.
    const all = [[server, found], ...companions.map((name) => [name, findIn([folder, ...folders], name)])]
    if (all.every(([, file]) => file)) return Object.fromEntries(all)
  }
  return undefined
}

/** The same for a client alone, for a server that somebody else runs. */
export function findClient(definition: ServiceDefinition, path: string): string | undefined {
  return definition.client && findIn(searchFolders(definition, path), definition.client)
}

function searchFolders({ folders }: ServiceDefinition, path: string): readonly string[] {
  return [...path.split(delimiter).filter(Boolean), ...folders.flatMap((pattern) => globSync(pattern).sort(oldestFirst))]
}

function findIn(folders: readonly string[], name: string): string | undefined {
  return folders.map((folder) => executable(join(folder, name))).find((file) => file !== undefined)
}

function executable(file: string): string | undefined {
  try {
    accessSync(file, constants.X_OK)
    return file
  } catch {
    return undefined
  }
}

const versions = new Map<string, readonly number[]>()

function versionOf(server: string): readonly number[] {
  const known = versions.get(server)
  if (known) return known
  const { stdout } = spawnSync(server, ['--version'], { encoding: 'utf8', timeout: 10_000 })
  const version = (/(\d+)\.(\d+)/.exec(stdout ?? '') ?? []).slice(1).map(Number)
  versions.set(server, version)
  return version
}

function isNewEnough([major = 0, minor = 0]: readonly number[], [wantedMajor, wantedMinor]: readonly [number, number]): boolean {
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)
}

const oldestFirst = (one: string, other: string): number => one.localeCompare(other, 'en', { numeric: true })
