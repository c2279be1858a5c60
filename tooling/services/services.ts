import { aptInstall } from './apt.ts'
import { findBinaries, findClient } from './binaries.ts'
import type { CleanSpace, ServiceDefinition, ServiceName } from './definition.ts'
import { definitions } from './definitions.ts'
import { failureOf, ServiceUnavailableError } from './errors.ts'
import { withLock } from './lock.ts'
import { installAdvice, mayInstall } from './package-manager.ts'
import { startServer, stopServer } from './private-server.ts'
import { isRunning } from './process.ts'
import { readRecord, stateFolder, writeRecord, type ServerRecord } from './state.ts'

/** A server that answers. */
export interface Server {
  service: ServiceName
  /** Where it is, with an account that may create databases. */
  url: string
  /** The variable that named it, or the private server's record. */
  origin: { variable: string } | ServerRecord
}

/** The servers of this checkout. All processes that use the same state folder share them. */
export interface Services {
  /** A clean space on the server, which is started (and as root on Debian installed) when there is none. */
  service(name: ServiceName): Promise<CleanSpace>
  /** The server itself. @throws ServiceUnavailableError with what to do, when there is none to be had */
  server(name: ServiceName): Promise<Server>
  /** Why tests that need the service cannot run here; undefined when they can. */
  skipReason(name: ServiceName): string | undefined
  /** The private server that runs now. */
  running(name: ServiceName): ServerRecord | undefined
  /** Installs what is missing of these, all at once, where that is allowed. */
  install(names: readonly ServiceName[]): Promise<void>
  /** Ends the private server and answers its record; undefined when there is none, or it is kept and the kept ones are spared. */
  stop(name: ServiceName, options?: { sparesKept: boolean }): Promise<ServerRecord | undefined>
  /** Where the servers are noted. */
  folder: string
}

/** What `npm test` tells its tests: that a run stops the servers it starts, and which ones cannot be had. */
export const runVariables = { unkept: 'COVET_SERVICES_RUN', unavailable: 'COVET_SERVICES_UNAVAILABLE' } as const

/**
 * @param environment where URLs and PATH come from
 * @param say hears about slow steps
 */
export function createServices(environment: NodeJS.ProcessEnv = process.env, say: (message: string) => void = sayOnStderr): Services {
  const folder = stateFolder(environment)
  const path = environment['PATH'] ?? ''
  const isKept = environment[runVariables.unkept] === undefined

  const running = (name: ServiceName): ServerRecord | undefined => {
    const record = readRecord(folder, name)
    return record && isRunning(record) ? record : undefined
  }

  const skipReason = (name: ServiceName): string | undefined => {
    const definition = definitions[name]
    if (variableOf(definition, environment)) return undefined
    const known = unavailable(environment)[name]
    if (known) return known
    if (running(name) || findBinaries(definition, path) || mayInstall(environment)) return undefined
    return installAdvice(definition, path)
  }

  const install = (names: readonly ServiceName[]): Promise<void> =>
    withLock(folder, 'install', async () => {
      const missing = names
        .map((name) => definitions[name])
        .filter((definition) => needsPrivate(definition) && !findBinaries(definition, path))
      if (missing.length > 0 && mayInstall(environment)) {
        await aptInstall(
          missing.flatMap((definition) => definition.packages['apt-get'].split(' ')),
          say,
        )
      }
    })

  const needsPrivate = (definition: ServiceDefinition): boolean => !variableOf(definition, environment) && !running(definition.name)

  const startPrivate = async (definition: ServiceDefinition): Promise<ServerRecord> => {
    await install([definition.name])
    const binaries = findBinaries(definition, path)
    if (!binaries) throw new ServiceUnavailableError(definition.name, installAdvice(definition, path))
    const upstream = definition.upstream && (await server(definition.upstream)).url
    return startServer(definition, { binaries, folder, isKept, ...(upstream !== undefined && { upstream }) })
  }

  /** One that was noted and does not answer is ended first: it would hold memory for ever. */
  const reuse = async (definition: ServiceDefinition): Promise<ServerRecord | undefined> => {
    const record = readRecord(folder, definition.name)
    if (!record) return undefined
    if (isRunning(record) && !(await failureOf(definition.ask(record.url, findClient(definition, path))))) return keep(record)
    await stopServer(definition, record, folder)
    return undefined
  }

  /** What somebody started by hand, or asked for by hand, stays. */
  const keep = (record: ServerRecord): ServerRecord => {
    if (record.isKept || !isKept) return record
    writeRecord(folder, { ...record, isKept })
    return { ...record, isKept }
  }

  const server = async (name: ServiceName): Promise<Server> => {
    const definition = definitions[name]
    const external = await externalServer(definition, environment)
    if (external) return external
    const record = await withLock(folder, name, async () => (await reuse(definition)) ?? startPrivate(definition))
    return { service: name, url: record.url, origin: record }
  }

  return {
    folder,
    running,
    skipReason,
    install,
    server,
    async service(name) {
      const { url } = await server(name)
      return definitions[name].open(url, findClient(definitions[name], path))
    },
    stop: (name, { sparesKept } = { sparesKept: false }) =>
      withLock(folder, name, async () => {
        const wasRunning = running(name)
        const record = readRecord(folder, name)
        if (!record || (sparesKept && record.isKept)) return undefined
        await stopServer(definitions[name], record, folder)
        return wasRunning
      }),
  }
}

/** @throws ServiceUnavailableError when a variable names a server that does not answer */
async function externalServer(definition: ServiceDefinition, environment: NodeJS.ProcessEnv): Promise<Server | undefined> {
  const variable = variableOf(definition, environment)
  if (!variable) return undefined
  const url = environment[variable] ?? ''
  const client = findClient(definition, environment['PATH'] ?? '')
  if (definition.client && !client) {
    throw new ServiceUnavailableError(
      definition.name,
      `${variable} is set, and ${definition.client}, which makes its databases, is not on this machine`,
    )
  }
  const failure = await failureOf(definition.ask(url, client))
  if (failure) throw new ServiceUnavailableError(definition.name, `${variable} is set and its server does not answer: ${failure}`)
  return { service: definition.name, url, origin: { variable } }
}

function variableOf(definition: ServiceDefinition, environment: NodeJS.ProcessEnv): string | undefined {
  return definition.environment.find((variable) => environment[variable])
}

function unavailable(environment: NodeJS.ProcessEnv): Partial<Record<ServiceName, string>> {
  return JSON.parse(environment[runVariables.unavailable] ?? '{}')
}

export function sayOnStderr(message: string): void {
  process.stderr.write(`services: ${message}\n`)
}
