import type { Driver } from './driver.ts'
import type { TransactionOptions } from './options.ts'
import type { DatabaseNode } from './topology/node.ts'

/** The type of every process warning about a database. */
export const databaseWarning = 'CovetDatabaseWarning'

/** What a database says about its settings and surroundings: a process warning for each reason, once. */
export class Advice {
  readonly #connection: string
  readonly #driver: Driver
  readonly #given = new Set<string>()

  constructor(connection: string, driver: Driver) {
    this.#connection = connection
    this.#driver = driver
  }

  /** T7: a level at which conflicts are part of normal work. */
  onIsolation({ isolation, retry = 0 }: TransactionOptions): void {
    if (isolation !== 'serializable' || retry > 0 || this.#driver.defaultIsolation === 'serializable') return
    this.#once(
      'serializable',
      'a serializable transaction without `retry` fails whenever it meets another one. Give it `retry: 3`, or answer SerializationFailure yourself.',
    )
  }

  /** P4: with one connection it fails at once, so that nobody waits; with several it may lead nowhere. */
  onDetached(open: number, max: number): void {
    if (max === 1 || open < max) return
    this.#once(
      'detached',
      `db.detached was called with all ${max} connections held by transactions, which may be waiting for it. Raise \`pool.max\`, or use db.afterCommit.`,
    )
  }

  /** Trap 18: every process has its own pool, and the server counts them all. */
  onConnections({ pools }: DatabaseNode, limit: number): void {
    const processes = Math.max(1, Number(process.env['WEB_CONCURRENCY']) || 1)
    const ofHealthChecks = this.#driver.embedded === true ? 0 : 1
    const own = pools.reduce((sum, { max }) => sum + max, ofHealthChecks)
    if (own * processes <= limit) return
    this.#once(
      'connections',
      `${processes} processes with up to ${own} connections each may want ${own * processes}, but the server takes ${limit}. Lower \`pool.max\`, or raise the server's limit.`,
    )
  }

  /** R6: the primary reads for the replicas. */
  onStandingIn(): void {
    this.#once('no replica', 'no replica can be read from, so the primary answers reads.')
  }

  /** Should the replicas fail again, it is worth a warning again. */
  onReplica(): void {
    this.#given.delete('no replica')
  }

  onConflict(claiming: readonly DatabaseNode[], primary: DatabaseNode): void {
    const names = claiming.map(({ name }) => name).join(' and ')
    this.#once(
      'two primaries',
      `${names} both say that they are the primary. Writes stay with ${primary.name}; take the others out of service.`,
    )
  }

  /** Nothing is written until the primary is back, or follows one of them. */
  onOutdated(claiming: readonly DatabaseNode[], primary: DatabaseNode): void {
    const names = claiming.map(({ name }) => name).join(' and ')
    const say = claiming.length === 1 ? 'says that it is' : 'say that they are'
    this.#once(
      'outdated',
      `only ${names} ${say} the primary, and what ${claiming.length === 1 ? 'it holds' : 'they hold'} may be older than what ${primary.name} holds, so nothing is written there. Bring ${primary.name} back, or let it follow the one that is right.`,
    )
  }

  /** Should it be lost again, it is worth a warning again. */
  onPrimary(): void {
    this.#given.delete('outdated')
  }

  #once(reason: string, advice: string): void {
    if (this.#given.has(reason)) return
    this.#given.add(reason)
    process.emitWarning(`Connection '${this.#connection}': ${advice}`, databaseWarning)
  }
}
