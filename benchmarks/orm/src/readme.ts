import { readFileSync, writeFileSync } from 'node:fs'

const readme = new URL('../README.md', import.meta.url)

/** Replaces what stands between the markers of `section` in the README. */
export function writeSection(section: 'results' | 'verdict', content: string): void {
  writeFileSync(readme, replaceSection(readFileSync(readme, 'utf8'), section, content))
}

export function replaceSection(text: string, section: string, content: string): string {
  const start = `<!-- ${section} -->`
  const end = `<!-- /${section} -->`
  const from = text.indexOf(start)
  const to = text.indexOf(end)
  if (from === -1 || to < from) throw new Error(`The README has no section between ${start} and ${end}.`)
  return `${text.slice(0, from + start.length)}\n\n${content.trim()}\n\n${text.slice(to)}`
}

/** Keeps what another run wrote under the other keys. */
export function writeJson(key: 'results' | 'verdict', value: unknown): void {
  const file = new URL('../results.json', import.meta.url)
  writeFileSync(file, `${JSON.stringify({ ...readJson(file), [key]: value }, null, 2)}\n`)
}

function readJson(file: URL): object {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as object
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
}
