import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { findBinaries } from './binaries.ts'
import type { ServerPlan, ServiceDefinition, ServiceName } from './definition.ts'
import { definitions } from './definitions.ts'
import { ServiceUnavailableError } from './errors.ts'
import { installAdvice } from './package-manager.ts'
import { type ServerSetting, startAgain, startServer, stopServer } from './private-server.ts'
import { end } from './process.ts'
import { stateFolder } from './state.ts'

/** A server that one test has for itself: it may be stopped, replicated to, set up differently. */
export interface OwnServer extends AsyncDisposable {
  url: string
  port: number
  pid: number
  /** Ends it as a crash does, with SIGKILL, and settles when it is gone. Its data stays. */
  crash(): Promise<void>
  /** Ends it in its own way. Its data stays. */
  stop(): Promise<void>
  /** Starts it again, after `crash` or `stop`, on the same port and data; settles when it answers. `pid` is then another. */
  startAgain(): Promise<void>
}

/**
 * Starts a server with further arguments, which win over those of the definition, on data of its own. Disposing of it ends
 * it and throws the data away.
 * @throws ServiceUnavailableError when its binaries are not on this machine: ask `describeWhere` first
 */
export async function ownServer(name: ServiceName, further: (plan: ServerPlan) => readonly string[]): Promise<OwnServer> {
  const path = process.env['PATH'] ?? ''
  let command: readonly string[] = []
  const definition: ServiceDefinition = {
    ...definitions[name],
    command: async (plan) => (command = [...(await definitions[name].command(plan)), ...further(plan)]),
  }
  const binaries = findBinaries(definition, path)
  if (!binaries) throw new ServiceUnavailableError(name, installAdvice(definition, path))
  const folder = mkdtempSync(join(stateFolder(process.env), 'own-'))
  // The server's account passes through to its own folder.
  chmodSync(folder, 0o711)
  try {
    const setting: ServerSetting = { binaries, folder, isKept: false }
    const record = await startServer(definition, setting)
    return {
      url: record.url,
      port: record.port,
      get pid() {
        return record.pid
      },
      crash: () => end(record, 'SIGKILL'),
      stop: () => end(record, definition.stopSignal),
      startAgain: () => startAgain(definition, record, command, setting),
      async [Symbol.asyncDispose]() {
        await stopServer(definition, record, folder)
        rmSync(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}
