import { type BeginOptions, errors, type IsolationLevel } from '@covet/db'

const inTransactionFlag = 1

/** What is sent is one of these, whatever an untyped caller asks for. */
const isolationLevels: Readonly<Record<IsolationLevel, string>> = {
  'read uncommitted': 'read uncommitted',
  'read committed': 'read committed',
  'repeatable read': 'repeatable read',
  serializable: 'serializable',
}

/** What a connection knows of its transaction, without asking. */
export class TransactionState {
  #open = false
  #failedBy: unknown
  #begun: BeginOptions = { readOnly: false }
  #savepoints: string[] = []

  get isOpen(): boolean {
    return this.#open
  }

  get status(): 'idle' | 'open' | 'failed' {
    if (!this.#open) return 'idle'
    return this.#failedBy === undefined ? 'open' : 'failed'
  }

  /** @throws {TransactionAborted} when nothing but a rollback is left */
  assertNotFailed(): void {
    if (this.status === 'failed') throw new errors.TransactionAborted({ cause: this.#failedBy })
  }

  /** The server's status flags, which come with every answer that is no result set. */
  note(serverStatus: number): void {
    this.#open = (serverStatus & inTransactionFlag) !== 0
    if (!this.#open) this.#failedBy = undefined
  }

  /** A statement was undone alone, and the transaction must not be committed without it. */
  fail(error: unknown): void {
    if (this.#open) this.#failedBy = error
  }

  /** The statements that begin it. */
  begin(options: BeginOptions): string[] {
    this.#begun = options
    this.#savepoints = []
    return this.#opening()
  }

  /** The statements that begin it again, with its savepoints, after the server committed it on its own. */
  beginAgain(): string[] {
    return [...this.#opening(), ...this.#savepoints.map((name) => `savepoint ${name}`)]
  }

  savepoint(name: string): void {
    this.#savepoints.push(name)
  }

  rolledBackTo(name: string): void {
    this.#savepoints.length = this.#savepoints.lastIndexOf(name) + 1
    this.#failedBy = undefined
  }

  released(name: string): void {
    this.#savepoints.length = Math.max(0, this.#savepoints.lastIndexOf(name))
  }

  #opening(): string[] {
    const { isolation, readOnly } = this.#begun
    const start = readOnly ? 'start transaction read only' : 'start transaction'
    return isolation === undefined ? [start] : [`set transaction isolation level ${isolationLevels[isolation]}`, start]
  }
}
