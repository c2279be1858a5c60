import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'

/** `unknown`: it may have happened, and its error said so. */
export type Outcome = 'acknowledged' | 'failed' | 'unknown'

/** What an operation was about to do. */
export type Intent =
  | { readonly action: 'create' | 'transfer' }
  | { readonly action: 'createMany'; readonly rows: number }
  | { readonly action: 'save'; readonly slot: number }
  /** Of the one note of another operation. */
  | { readonly action: 'touch' | 'delete'; readonly note: number }
  | { readonly action: 'upsert'; readonly keys: readonly string[] }

export interface Recorded {
  readonly op: number
  readonly intent: Intent
  /** Of an operation that its process did not live to see end: unknown. */
  outcome: Outcome
}

/**
 * What was begun and how it ended, in a file: outside of the database, and of the memory that is measured. A line is with
 * the system before the next step is taken, so that it survives the process.
 */
export class Journal implements Disposable {
  readonly file: string
  readonly #descriptor: number
  #op: number

  /** @param after operations are numbered from the next number on */
  constructor(file: string, after: number) {
    this.file = file
    this.#descriptor = openSync(file, 'a')
    this.#op = after
  }

  begin(intent: Intent): number {
    this.#op += 1
    this.#write([this.#op, intent])
    return this.#op
  }

  end(op: number, outcome: Outcome): void {
    this.#write([op, outcome])
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor)
  }

  #write(line: readonly [number, Intent | Outcome]): void {
    writeSync(this.#descriptor, `${JSON.stringify(line)}\n`)
  }
}

/** By operation. */
export function readJournals(files: readonly string[]): ReadonlyMap<number, Recorded> {
  const recorded = new Map<number, Recorded>()
  for (const file of files) {
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      if (line === '') continue
      const [op, what] = JSON.parse(line) as [number, Intent | Outcome]
      if (typeof what !== 'string') recorded.set(op, { op, intent: what, outcome: 'unknown' })
      else {
        const begun = recorded.get(op)
        if (begun) begun.outcome = what
      }
    }
  }
  return recorded
}
