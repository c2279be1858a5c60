import { spawn } from 'node:child_process'
import { chmodSync, chownSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { serverAccount } from './account.ts'
import { execute } from './command.ts'
import type { ServerPlan, ServiceDefinition } from './definition.ts'
import { CommandFailedError } from './errors.ts'
import { freePort } from './free-port.ts'
import { randomPassword } from './name.ts'
import { end, identify, isRunning, type ProcessId } from './process.ts'
import { removeRecord, writeRecord, type ServerRecord } from './state.ts'

const readyWithinMs = 60_000

/** Starts a private server on a free loopback port and answers when it does. The server outlives this process. */
export async function startServer(
  definition: ServiceDefinition,
  binaries: Record<string, string>,
  { folder: parent, isKept }: { folder: string; isKept: boolean },
): Promise<ServerRecord> {
  const account = serverAccount()
  const folder = mkdtempSync(join(parent, `${definition.name}-`))
  const own = (path: string): void => account && chownSync(path, account.uid, account.gid)
  own(folder)
  const plan: ServerPlan = {
    binaries,
    folder,
    port: await freePort(),
    password: randomPassword(),
    async prepare(command, args) {
      await execute(command, args, { cwd: folder, ...account })
    },
    write(name, content) {
      const file = join(folder, name)
      writeFileSync(file, content, { mode: 0o600 })
      own(file)
      return file
    },
  }
  const [command = '', ...args] = await definition.command(plan)
  const log = plan.write('log', '')
  const server = launch(command, args, { cwd: folder, log, ...account })
  const url = definition.url(plan.port, plan.password)
  const record = { ...server, service: definition.name, port: plan.port, url, folder, log, isKept }
  // Noted before it is ready: should we die now, the next one finds it.
  writeRecord(parent, record)
  await untilReady(definition, record, binaries[definition.client ?? ''] ?? '')
  return record
}

/** Ends the server, exactly that process, and throws its data away. */
export async function stopServer(definition: ServiceDefinition, record: ServerRecord, parent: string): Promise<void> {
  await end(record, definition.stopSignal)
  rmSync(record.folder, { recursive: true, force: true })
  removeRecord(parent, record.service)
}

function launch(command: string, args: readonly string[], { log, ...options }: { log: string; cwd: string; uid?: number; gid?: number }): ProcessId {
  const output = openSync(log, 'a')
  const child = spawn(command, args, { ...options, detached: true, stdio: ['ignore', output, output] })
  closeSync(output)
  child.once('error', () => undefined)
  child.unref()
  const id = child.pid === undefined ? undefined : identify(child.pid)
  if (!id) throw new CommandFailedError(command, 'no process', readFileSync(log, 'utf8'))
  return id
}

async function untilReady(definition: ServiceDefinition, record: ServerRecord, client: string): Promise<void> {
  const deadline = performance.now() + readyWithinMs
  for (;;) {
    const failure = await failureOf(definition.ask(record.url, client))
    if (!failure) return
    if (!isRunning(record)) throw new CommandFailedError(definition.title, 'an early exit', tail(record.log))
    if (performance.now() > deadline) {
      throw new CommandFailedError(definition.title, `no answer within ${readyWithinMs / 1000} s (${failure.message})`, tail(record.log))
    }
    await delay(50)
  }
}

export async function failureOf(work: Promise<unknown>): Promise<Error | undefined> {
  try {
    await work
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

function tail(log: string): string {
  return readFileSync(log, 'utf8').trimEnd().split('\n').slice(-20).join('\n')
}
