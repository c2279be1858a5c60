import type { Connection, Result, Role, Statement } from '@covet/db'
import type { ResolvedSqliteOptions } from '../options.ts'
import type { PackedError } from './packed-error.ts'

/** What a thread is started with. */
export interface Opening {
  readonly options: ResolvedSqliteOptions
  readonly role: Role
}

/** What the connection in a thread does for the one that stands for it. */
export interface Served {
  /** Asked by the start of the thread alone. */
  open(): void
  /** Parameters are bound already. Gives the first of the rows, the others are asked for with `more`. */
  execute(statement: Statement): Result<unknown> & Part
  /** `rest` is the one of the part before: answers that are taken at once are not to be mistaken for each other. */
  more(rest: number): Part
  /** Begins a stream, of which there is one at a time. */
  stream(statement: Statement): void
  next(): Rows
  endStreams(): void
  script(text: string): void
  begin(readOnly: boolean): void
  commit(): boolean
  rollback(): void
  savepoint(name: string): void
  rollbackTo(name: string): void
  release(name: string): void
  close(): void
}

/** Some rows of a stream. */
export interface Rows {
  readonly rows: unknown[]
  readonly isLast: boolean
}

/** Some rows of an answer. */
export interface Part {
  readonly rows: unknown[]
  /** What to ask for the others by; the last part has none. */
  readonly rest?: number
}

export type Method = keyof Served

/** `abort`: what is waited for by this question is not wanted any more. */
export type Question = { readonly id: number; readonly method: Method; readonly args: readonly unknown[] } | { readonly abort: number }

/** What may be asked of a connection without a round trip, as it was when it answered. */
export type State = Pick<Connection, 'isOpen' | 'transactionStatus'>

export type Answer = { readonly id: number; readonly state: State } & ({ readonly value: unknown } | { readonly error: PackedError })

/** The question that the start of a thread is. */
export const opening = 0
