import BetterSqlite from 'better-sqlite3'
import { errors } from '@covet/db'
import { MissingFolderError } from '../errors.ts'

/** An error on its way between threads, which would lose its class and most of its properties. */
export interface PackedError {
  readonly name: string
  readonly message: string
  readonly stack: string | undefined
  readonly properties: Readonly<Record<string, unknown>>
  readonly cause: PackedError | undefined
}

type ErrorClass = new (...args: never[]) => Error

const classes: ReadonlyMap<string, ErrorClass> = new Map(
  Object.entries<ErrorClass>({ ...errors, MissingFolderError, SqliteError: BetterSqlite.SqliteError, TypeError, RangeError }),
)

/** Those that have a place of their own. */
const carried: ReadonlySet<string> = new Set(['message', 'stack', 'cause'])

export function packError(error: unknown): PackedError {
  if (!isError(error)) return packError(new Error(String(error)))
  const own = Object.getOwnPropertyNames(error).filter((name) => !carried.has(name))
  return {
    name: error.constructor.name,
    message: error.message,
    stack: error.stack,
    properties: Object.fromEntries(own.map((name) => [name, (error as unknown as Record<string, unknown>)[name]])),
    cause: error.cause === undefined ? undefined : packError(error.cause),
  }
}

/** Its stack goes on with the one of whoever asked. */
export function unpackError(packed: PackedError): Error {
  const asked: { stack?: string } = {}
  Error.captureStackTrace(asked, unpackError)
  const frames = asked.stack?.slice(asked.stack.indexOf('\n')) ?? ''
  return unpack({ ...packed, stack: `${packed.stack ?? packed.message}${frames}` })
}

function unpack({ name, message, stack, properties, cause }: PackedError): Error {
  const error = new Error(message, cause && { cause: unpack(cause) })
  const known = classes.get(name)
  if (known) Object.setPrototypeOf(error, known.prototype as object)
  Object.defineProperty(error, 'stack', { value: stack, writable: true, configurable: true })
  return Object.assign(error, properties)
}

/** Without `instanceof`: the native part of the driver makes its errors in the realm that loaded it first. */
function isError(error: unknown): error is Error {
  return typeof error === 'object' && error !== null && 'message' in error && 'stack' in error
}
