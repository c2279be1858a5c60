import { databaseWarning } from '@covet/db'

/** What the connections to one node have learned of it, so that the next one need not. */
export class NodeFacts {
  readonly #name: string
  #isPooler: boolean
  maxConnections: number | undefined

  constructor(name: string, isPooler: boolean) {
    this.#name = name
    this.#isPooler = isPooler
  }

  /** Whether the server may be another one in the next transaction, so that nothing can be left in a session. */
  get isPooler(): boolean {
    return this.#isPooler
  }

  /** Said once per node: it works on, but works better when told. */
  notePooler(how: string): void {
    if (this.#isPooler) return
    this.#isPooler = true
    process.emitWarning(
      `${this.#name} ${how}, as a pooler in transaction mode does: from now on nothing is prepared there. Give postgres() the option \`prepare: 'never'\`.`,
      { type: databaseWarning, code: 'postgres/pooler' },
    )
  }
}
