import type { Engine } from './engine.ts'
import type { Figure } from './figure.ts'

/** A scenario that the data layer's specification gives a time, rate or memory figure for. */
export interface Case {
  readonly id: string
  readonly title: string
  readonly engines: readonly Engine[]
  /** Sets the scenario up for itself. @throws when anything but the figures is not as the case says: wrong is no row */
  measure(engine: Engine): Promise<readonly Figure[]>
}
