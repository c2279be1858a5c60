import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readJson } from '../workspace.ts'
import type { InstalledCount } from './count.ts'

/** An installed-package count and the published ranges it was measured with, so that a stale one is noticed. */
export interface Measurement extends InstalledCount {
  readonly ranges: string
}

/** Written by `packing`, read by `readmes`; not committed. */
export const measurementsFile = '.covet/packing.json'

export function readMeasurements(root: string): Readonly<Record<string, Measurement>> {
  const file = join(root, measurementsFile)
  return existsSync(file) ? readJson(file) : {}
}
