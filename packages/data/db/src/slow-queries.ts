import { types } from 'node:util'
import { BoundedCache } from './bounded-cache.ts'
import type { Events, QueryEvent, SlowEvent } from './events.ts'
import type { ResolvedConnectionOptions } from './options.ts'
import type { CallSite } from './pool/call-site.ts'
import type { Runtime } from './runtime.ts'
import { shapeIdOf } from './shape-id.ts'

const explainEveryMs = 3_600_000
const explainedShapes = 1_000
const byDefault = { over: 200, sample: 1, params: 'redact', explain: false } as const

export interface SlowQueriesParts {
  readonly events: Events
  readonly options: ResolvedConnectionOptions['slowQuery']
  readonly runtime: Runtime
  /** The plan's rows, or nothing where the engine has none for this statement. */
  readonly explain: (text: string, params: readonly unknown[]) => Promise<readonly unknown[] | undefined>
  readonly failed: (error: unknown) => void
}

/** Tells which queries took too long: the server's time, not the wait for a connection. */
export class SlowQueries {
  readonly #parts: SlowQueriesParts
  readonly #options: NonNullable<ResolvedConnectionOptions['slowQuery']>
  readonly #explained = new BoundedCache<number>(explainedShapes)

  constructor(parts: SlowQueriesParts) {
    this.#parts = parts
    this.#options = parts.options ?? byDefault
  }

  /** Whether anybody wants to know. */
  get wanted(): boolean {
    return this.#parts.events.has('slow')
  }

  consider(event: QueryEvent, params: readonly unknown[], site: CallSite | undefined): void {
    const { over, sample, params: shown, explain } = this.#options
    if (!this.wanted || !(event.runMs > over)) return
    if (sample < 1 && this.#parts.runtime.random() >= sample) return
    const slow: SlowEvent = {
      ...event,
      shape: shapeIdOf(event.text),
      params: shown === 'show' ? params : params.map(typeName),
      ...(site && { site: site.toString() }),
    }
    if (explain && event.error === undefined && this.#isDue(slow.shape)) void this.#explain(slow, params)
    else this.#parts.events.emit('slow', slow)
  }

  async #explain(slow: SlowEvent, params: readonly unknown[]): Promise<void> {
    let plan: readonly unknown[] | undefined
    try {
      plan = await this.#parts.explain(slow.text, params)
    } catch (error) {
      this.#parts.failed(error)
    }
    this.#parts.events.emit('slow', plan ? { ...slow, plan } : slow)
  }

  #isDue(shape: string): boolean {
    const now = this.#parts.runtime.now()
    const last = this.#explained.get(shape)
    if (last !== undefined && now - last < explainEveryMs) return false
    this.#explained.set(shape, now)
    return true
  }
}

/** What may be told of a value without telling the value. */
function typeName(value: unknown): string {
  if (value === null) return 'null'
  if (types.isDate(value)) return 'date'
  if (types.isUint8Array(value)) return 'bytes'
  return Array.isArray(value) ? 'array' : typeof value
}
