/** A page counted from the start, for interfaces with page numbers. */
export interface Page<R> {
  readonly items: R[]
  /** Rows altogether. */
  readonly total: number
  /** From 1. */
  readonly page: number
  readonly perPage: number
  readonly pages: number
}

/** A page that goes on from a row: exact under inserts and as quick on the last page as on the first. */
export interface CursorPage<R> {
  readonly items: R[]
  /** Opaque text for `after`, or null at the end. */
  readonly next: string | null
  /** Opaque text for `before`, or null at the start. */
  readonly previous: string | null
}

export interface PageOptions {
  /** From 1. @default 1 */
  readonly page?: number
  /** 1 to 10,000. @default 20 */
  readonly perPage?: number
}

/** At most one of `after` and `before`; neither for the first page. */
export interface CursorOptions {
  readonly after?: string | null | undefined
  readonly before?: string | null | undefined
  /** Rows, 1 to 10,000. */
  readonly size: number
}

/** How the engine would run a query, in its own words. */
export interface QueryPlan {
  readonly dialect: string
  readonly sql: string
  /** One line for each step. */
  readonly text: string
  /** Filters and orders that no index of the model serves. */
  readonly advice: readonly string[]
}

/** The part of a Fastify reply that `json` uses. */
export interface JsonReply {
  header(name: string, value: string): unknown
  send(payload: Uint8Array): unknown
}
