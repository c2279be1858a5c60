import { existsSync, globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Contender, type ContenderName, contenders } from './contenders/registry.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The versions of what the contenders run on, by package. */
export function versionsOf(names: readonly ContenderName[]): Readonly<Record<string, string>> {
  const packages = new Set(names.flatMap((name) => (contenders[name] as Contender).packages))
  return Object.fromEntries([...packages].toSorted().map((name) => [name, installedVersion(name)]))
}

/** Read from the folder: not every package exports its package.json. */
function installedVersion(name: string): string {
  for (const modules of [`${root}node_modules`, `${root}peers/node_modules`]) {
    const manifest = `${modules}/${name}/package.json`
    if (existsSync(manifest)) return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version
  }
  const [folder] = globSync(`peers/.venv/lib/python*/site-packages/${name.toLowerCase()}-*.dist-info`, { cwd: root })
  return folder?.replace(/^.*-([^-]+)\.dist-info$/, '$1') ?? 'not installed'
}
