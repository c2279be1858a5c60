import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding } from '../report.ts'
import { readText, type Package } from '../workspace.ts'

/** What the root documents point at is there: relative links, and the packages and files of ARCHITECTURE's table of concerns. */
export function checkDocuments(root: string, packages: readonly Package[]): Finding[] {
  const links = globSync('*.md', { cwd: root })
    .toSorted()
    .flatMap((file) => brokenLinks(root, file))
  return [...links, ...concerns(readText(join(root, 'ARCHITECTURE.md'))).flatMap((concern) => lost(concern, packages))]
}

function brokenLinks(root: string, file: string): Finding[] {
  const targets = [...readText(join(root, file)).matchAll(/\]\((?!https?:)([^)#\s]+)/g)].map(([, target]) => target as string)
  return targets
    .filter((target) => !existsSync(join(root, target)))
    .map((target) => ({ where: file, what: `links to ${target}, which does not exist` }))
}

interface Concern {
  readonly name: string
  readonly files: readonly string[]
}

/** Rows such as: | signed tokens | `@covet/jwt` | `src/jwt.ts`, `src/remote.ts` | */
function concerns(text: string): Concern[] {
  return [...text.matchAll(/^\|[^|]+\| `(@covet\/[\w-]+)` \|([^|]+)\|$/gm)].map(([, name = '', files = '']) => ({
    name,
    files: [...files.matchAll(/`([^`]+)`/g)].map(([, file]) => file as string),
  }))
}

function lost({ name, files }: Concern, packages: readonly Package[]): Finding[] {
  const where = 'ARCHITECTURE.md'
  const pkg = packages.find((candidate) => candidate.name === name)
  if (pkg === undefined) return [{ where, what: `names ${name}, which is no package of the workspace` }]
  return files
    .filter((file) => !existsSync(join(pkg.directory, file)))
    .map((file) => ({ where, what: `names ${file} of ${name}, which does not exist` }))
}
