import { WaitQueue, type WaitOptions } from './pool/wait-queue.ts'

/** A lock for asynchronous work, first come first served, that can be shut for good. */
export class Mutex {
  readonly #queue = new WaitQueue<void>()
  #locked = false
  #shut: (() => Error) | undefined
  #whenFree: (() => void)[] = []

  get locked(): boolean {
    return this.#locked
  }

  /** Takes the lock when nobody has it. */
  tryLock(): boolean {
    if (this.#locked || this.#shut) return false
    this.#locked = true
    return true
  }

  async lock(options: WaitOptions): Promise<void> {
    if (this.#shut) throw this.#shut()
    if (!this.tryLock()) await this.#queue.wait(options)
  }

  unlock(): void {
    if (this.#queue.grant()) return
    this.#locked = false
    for (const resolve of this.#whenFree.splice(0)) resolve()
  }

  /** Turns away those who wait and those who come. Whoever has the lock keeps it until `unlock`. */
  shut(error: () => Error): void {
    this.#shut = error
    while (this.#queue.size > 0) this.#queue.refuse(error())
  }

  /** Resolves once nobody has the lock. */
  free(): Promise<void> {
    if (!this.#locked) return Promise.resolve()
    return new Promise((resolve) => this.#whenFree.push(resolve))
  }
}
