import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isRoot } from './account.ts'
import type { ServiceName } from './definition.ts'
import { identify, isRunning, type ProcessId } from './process.ts'

/** A private server that was started and not yet stopped. */
export interface ServerRecord extends ProcessId {
  service: ServiceName
  port: number
  url: string
  folder: string
  log: string
  /** Whether it stays when the last test run ends. */
  isKept: boolean
}

const checkout = fileURLToPath(new URL('../..', import.meta.url))

/** The folder in which the servers of this checkout are noted, with their data beside. Only its owner can list it. */
export function stateFolder(environment: NodeJS.ProcessEnv): string {
  const key = createHash('sha256').update(realpathSync(checkout)).digest('hex').slice(0, 12)
  const folder = environment['COVET_SERVICES_FOLDER'] ?? join(temporaryFolder(), `covet-services-${process.getuid?.() ?? 'user'}-${key}`)
  mkdirSync(folder, { recursive: true })
  // The temporary folder is everybody's: a folder that another user put there first is not ours to trust.
  if (process.getuid && lstatSync(folder).uid !== process.getuid())
    throw new Error(`${folder} belongs to another user; set COVET_SERVICES_FOLDER`)
  // Root's servers run as another account that passes through this folder to its own.
  chmodSync(folder, isRoot() ? 0o711 : 0o700)
  return folder
}

/** Root's servers must reach their data: a temporary folder that only root enters does not do. */
function temporaryFolder(): string {
  return isRoot() && !isOpenToAll(tmpdir()) ? '/tmp' : tmpdir()
}

function isOpenToAll(folder: string): boolean {
  const isOpen = (statSync(folder).mode & 0o001) !== 0
  return isOpen && (folder === dirname(folder) || isOpenToAll(dirname(folder)))
}

export function readRecord(folder: string, service: ServiceName): ServerRecord | undefined {
  const file = recordFile(folder, service)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ServerRecord) : undefined
}

/** Readers see the old record or the new one, never half of one. */
export function writeRecord(folder: string, record: ServerRecord): void {
  const file = recordFile(folder, record.service)
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(record, undefined, 2), { mode: 0o600 })
  renameSync(`${file}.${process.pid}`, file)
}

export function removeRecord(folder: string, service: ServiceName): void {
  rmSync(recordFile(folder, service), { force: true })
}

/** Notes that this process runs tests against the servers. */
export function enterRun(folder: string): void {
  mkdirSync(join(folder, 'runs'), { recursive: true })
  writeFileSync(runFile(folder, process.pid), identify(process.pid)?.startedAt ?? '')
}

/** Strikes this process out and answers whether another test run still uses the servers. */
export function leaveRun(folder: string): boolean {
  rmSync(runFile(folder, process.pid), { force: true })
  const others = readdirSync(join(folder, 'runs')).map(Number)
  for (const pid of others) {
    if (isRunning({ pid, startedAt: readFileSync(runFile(folder, pid), 'utf8') })) return true
    rmSync(runFile(folder, pid), { force: true })
  }
  return false
}

const runFile = (folder: string, pid: number): string => join(folder, 'runs', String(pid))
const recordFile = (folder: string, service: ServiceName): string => join(folder, `${service}.json`)
