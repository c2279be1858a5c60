import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A path in a folder of its own. */
export function temporaryFile(): { file: string; folder: string; remove: () => Promise<void> } {
  const folder = mkdtempSync(join(tmpdir(), 'covet-sqlite-'))
  return { file: join(folder, 'test.db'), folder, remove: async () => rmSync(folder, { recursive: true }) }
}
