import type { Note } from './data.ts'

export const engines = ['sqlite', 'postgres'] as const
export type Engine = (typeof engines)[number]

/** What a contender does for each workload. A result that is a promise is awaited; a synchronous one is not. */
export interface Operations {
  /** The user with this id. */
  'select-pk'?: (id: number) => unknown
  /** The 100 users after this id, by id. */
  'select-100'?: (after: number) => unknown
  /** Stores the note and gives its new id. */
  'insert-one'?: (note: Note) => unknown
  /** Stores all notes in one call. */
  'bulk-1000'?: (notes: readonly Note[]) => unknown
  /** Sets `hits` of the counter with this id. */
  'update-pk'?: (change: { id: number; hits: number }) => unknown
  /** The 50 users after this id, by id, each with `posts`, in any order. */
  'eager-50x20'?: (after: number) => unknown
  /** The 20 posts with fewer `views` than this and a `rating` above 2: most views first, then highest id first. */
  'filter-order-limit'?: (views: number) => unknown
}

export interface OpenContender {
  readonly operations: Operations
  close(): unknown
}

/** Connects to the file (SQLite) or URL (PostgreSQL, a pool of 8). */
export type Open = (engine: Engine, target: string) => OpenContender | Promise<OpenContender>

/** Connections of every pool, and operations under way at a time on PostgreSQL. */
export const poolSize = 8
