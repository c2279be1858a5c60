/** How a layer above takes part in a transaction: one of a kind for the transaction, and one for each savepoint in it. */
export interface Participant {
  /** Takes over what one of its kind noted in a savepoint that was kept. */
  adopt(inner: this): void
  /** Called before the outermost commit, when nothing can be queried any more; what it throws undoes the transaction. */
  beforeCommit?(): unknown
  /** Called after the outermost commit, before the hooks of `afterCommit`, and reported as they are. */
  afterCommit?(): unknown
  /**
   * Called when that in which it took part was undone, or nobody knows whether it was (`CommitUnknown`), and before the
   * transaction is run again. Nothing can be queried here either; what it throws is reported as a `failure` event.
   * @param inDoubt nobody knows whether it was undone
   */
  afterRollback?(inDoubt: boolean): unknown
}

/** A kind of participant, told from others by its identity. */
export interface ParticipantKind<P extends Participant> {
  /** A new one, which has noted nothing. */
  takePart(): P
}

/** Those of one transaction or savepoint. */
export class Participants {
  readonly #byKind = new Map<object, Participant>()

  of<P extends Participant>(kind: ParticipantKind<P>): P {
    const known = this.#byKind.get(kind)
    if (known) return known as P
    const made = kind.takePart()
    this.#byKind.set(kind, made)
    return made
  }

  adopt(inner: Participants): void {
    for (const [kind, participant] of inner.#byKind) {
      const own = this.#byKind.get(kind)
      if (own) own.adopt(participant)
      else this.#byKind.set(kind, participant)
    }
  }

  async beforeCommit(): Promise<void> {
    for (const participant of this.#byKind.values()) await participant.beforeCommit?.()
  }

  /** What is to be called after the commit. */
  get afterCommit(): readonly (() => unknown)[] {
    const concerned = [...this.#byKind.values()].filter(({ afterCommit }) => afterCommit !== undefined)
    return concerned.map((participant) => () => participant.afterCommit?.())
  }

  async afterRollback(inDoubt: boolean, failed: (error: unknown) => void): Promise<void> {
    for (const participant of this.#byKind.values()) {
      try {
        await participant.afterRollback?.(inDoubt)
      } catch (error) {
        failed(error)
      }
    }
  }
}
