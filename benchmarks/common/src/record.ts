import { readFileSync, writeFileSync } from 'node:fs'

/** What a run writes: sections of a benchmark's README, and the same as data in its results.json. */
export interface BenchmarkRecord {
  /** Replaces what stands between the markers of `section` in the README. */
  writeSection(section: string, content: string): void
  /** What the last run wrote under a key; undefined where none did. */
  readJson(key: string): unknown
  /** Keeps what another run wrote under the other keys. */
  writeJson(key: string, value: unknown): void
}

/** @param folder the benchmark's, with a slash at its end */
export function recordOf(folder: URL): BenchmarkRecord {
  const [readme, results] = [new URL('README.md', folder), new URL('results.json', folder)]
  return {
    writeSection(section, content) {
      writeFileSync(readme, replaceSection(readFileSync(readme, 'utf8'), section, content))
    },
    readJson: (key) => (readJson(results) as Readonly<Record<string, unknown>>)[key],
    writeJson(key, value) {
      writeFileSync(results, `${JSON.stringify({ ...readJson(results), [key]: value }, null, 2)}\n`)
    },
  }
}

export function replaceSection(text: string, section: string, content: string): string {
  const start = `<!-- ${section} -->`
  const end = `<!-- /${section} -->`
  const from = text.indexOf(start)
  const to = text.indexOf(end)
  if (from === -1 || to < from) throw new Error(`The README has no section between ${start} and ${end}.`)
  return `${text.slice(0, from + start.length)}\n\n${content.trim()}\n\n${text.slice(to)}`
}

function readJson(file: URL): object {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as object
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
}
