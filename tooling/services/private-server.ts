import { spawn } from 'node:child_process'
import { chownSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { serverAccount, type Account } from './account.ts'
import { execute } from './command.ts'
import type { ServerPlan, ServiceDefinition } from './definition.ts'
import { CommandFailedError, failureOf } from './errors.ts'
import { freePort } from './free-port.ts'
import { randomPassword } from './name.ts'
import { end, identify, isRunning, type ProcessId } from './process.ts'
import { removeRecord, writeRecord, type ServerRecord } from './state.ts'

const readyWithinMs = 60_000

/** What a server is started with. */
export interface ServerSetting {
  binaries: Record<string, string>
  /** The state folder, in which the server gets a folder of its own. */
  folder: string
  isKept: boolean
  /** Where the service is that this one stands in front of. */
  upstream?: string
}

/**
 * Starts a private server on a free loopback port and answers when it does. The server outlives this process.
 * @throws CommandFailedError with the end of the server's log
 */
export async function startServer(definition: ServiceDefinition, setting: ServerSetting): Promise<ServerRecord> {
  const folder = mkdtempSync(join(setting.folder, `${definition.name}-`))
  try {
    return await startIn(folder, definition, setting)
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

/** Ends the server, exactly that process, and throws its data away. */
export async function stopServer({ stopSignal }: ServiceDefinition, record: ServerRecord, parent: string): Promise<void> {
  await end(record, stopSignal)
  rmSync(record.folder, { recursive: true, force: true })
  removeRecord(parent, record.service)
}

/**
 * Starts the server of a record again, whose process is gone, on the data it left, and notes its new process in the record.
 * @param command what it was started with
 */
export async function startAgain(
  definition: ServiceDefinition,
  record: ServerRecord,
  [command = '', ...args]: readonly string[],
  { binaries, folder: parent }: ServerSetting,
): Promise<void> {
  const deadline = performance.now() + readyWithinMs
  for (;;) {
    Object.assign(record, launch(command, args, { cwd: record.folder, log: record.log, ...serverAccount() }))
    writeRecord(parent, record)
    try {
      await untilReady(definition, record, binaries[definition.client ?? ''])
      return
    } catch (error) {
      // Processes of the killed server may outlive it for a moment, and the data is still theirs.
      if (isRunning(record) || performance.now() > deadline) throw error
      await delay(50)
    }
  }
}

async function startIn(
  folder: string,
  definition: ServiceDefinition,
  { binaries, folder: parent, isKept, upstream }: ServerSetting,
): Promise<ServerRecord> {
  const account = serverAccount()
  const plan = { ...(await planFor(folder, binaries, account)), ...(upstream !== undefined && { upstream }) }
  const [command = '', ...args] = await definition.command(plan)
  const log = plan.write('log', '')
  const url = definition.url(plan.port, plan.password)
  const server = launch(command, args, { cwd: folder, log, ...account })
  const record = { ...server, service: definition.name, port: plan.port, url, folder, log, isKept }
  // Noted before it is ready: should we die now, the next one finds it.
  writeRecord(parent, record)
  try {
    await untilReady(definition, record, binaries[definition.client ?? ''])
  } catch (error) {
    await stopServer(definition, record, parent)
    throw error
  }
  return record
}

async function planFor(folder: string, binaries: Record<string, string>, account: Account | undefined): Promise<ServerPlan> {
  const handOver = (path: string): void => {
    if (account) chownSync(path, account.uid, account.gid)
  }
  handOver(folder)
  return {
    folder,
    port: await freePort(),
    password: randomPassword(),
    binary(name) {
      const path = binaries[name]
      if (!path) throw new Error(`${name} is not among the binaries of its definition`)
      return path
    },
    async prepare(command, args) {
      await execute(command, args, { cwd: folder, ...account })
    },
    write(name, content) {
      const file = join(folder, name)
      writeFileSync(file, content, { mode: 0o600 })
      handOver(file)
      return file
    },
  }
}

function launch(command: string, args: readonly string[], { log, ...options }: Partial<Account> & { cwd: string; log: string }): ProcessId {
  const output = openSync(log, 'a')
  const child = spawn(command, args, { ...options, detached: true, stdio: ['ignore', output, output] })
  closeSync(output)
  // A failed start shows as a missing pid, below; unheard, the event would end this process.
  child.once('error', () => undefined)
  child.unref()
  const id = child.pid === undefined ? undefined : identify(child.pid)
  if (!id) throw new CommandFailedError(command, 'no process', readFileSync(log, 'utf8'))
  return id
}

async function untilReady(definition: ServiceDefinition, record: ServerRecord, client: string | undefined): Promise<void> {
  const deadline = performance.now() + readyWithinMs
  for (;;) {
    const failure = await failureOf(definition.ask(record.url, client))
    if (!failure) return
    if (!isRunning(record)) throw new CommandFailedError(definition.title, 'an early exit', tail(record.log))
    if (performance.now() > deadline) {
      throw new CommandFailedError(definition.title, `no answer within ${readyWithinMs / 1000} s (${failure})`, tail(record.log))
    }
    await delay(50)
  }
}

function tail(log: string): string {
  return readFileSync(log, 'utf8').trimEnd().split('\n').slice(-20).join('\n')
}
