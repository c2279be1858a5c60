import type { KeyValues } from '../query/key-nodes.ts'

/** The rows of a junction that belong to one owner. */
export interface JunctionRows {
  /** Whether the engine refuses a pair twice. Where it does not, they are added by one at a time, with the owner locked. */
  readonly isUnique: boolean
  /** Relates these targets; a pair that is there stays as it is. */
  add(targets: readonly KeyValues[], pivot?: Readonly<Record<string, unknown>>): Promise<void>
  remove(targets: readonly KeyValues[]): Promise<void>
  /** The keys of the targets related now. */
  current(): Promise<readonly KeyValues[]>
}
