import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { findBinaries } from './binaries.ts'
import type { ServerPlan, ServiceDefinition, ServiceName } from './definition.ts'
import { definitions } from './definitions.ts'
import { ServiceUnavailableError } from './errors.ts'
import { installAdvice } from './package-manager.ts'
import { startServer, stopServer } from './private-server.ts'
import { stateFolder } from './state.ts'

/** A server that one test has for itself: it may be stopped, replicated to, set up differently. */
export interface OwnServer extends AsyncDisposable {
  url: string
  port: number
  pid: number
}

/**
 * Starts a server with further arguments, which win over those of the definition, on data of its own. Disposing of it ends
 * it and throws the data away.
 * @throws ServiceUnavailableError when its binaries are not on this machine: ask `describeWhere` first
 */
export async function ownServer(name: ServiceName, further: (plan: ServerPlan) => readonly string[]): Promise<OwnServer> {
  const path = process.env['PATH'] ?? ''
  const definition: ServiceDefinition = {
    ...definitions[name],
    command: async (plan) => [...(await definitions[name].command(plan)), ...further(plan)],
  }
  const binaries = findBinaries(definition, path)
  if (!binaries) throw new ServiceUnavailableError(name, installAdvice(definition, path))
  const folder = mkdtempSync(join(stateFolder(process.env), 'own-'))
  // The server's account passes through to its own folder.
  chmodSync(folder, 0o711)
  try {
    const record = await startServer(definition, { binaries, folder, isKept: false })
    return {
      url: record.url,
      port: record.port,
      pid: record.pid,
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
