import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** Tells one state of the code from another: 12 hexadecimal digits of the SHA-256 of the files that match. @param patterns from the root of the repository */
export function digestOf(...patterns: readonly string[]): string {
  const hash = createHash('sha256')
  for (const file of globSync([...patterns], { cwd: root, exclude: (name) => /(^|\/)(node_modules|dist)$/.test(String(name)) }).toSorted())
    hash
      .update(`${file}\0`)
      .update(readFileSync(`${root}${file}`))
      .update('\0')
  return hash.digest('hex').slice(0, 12)
}
