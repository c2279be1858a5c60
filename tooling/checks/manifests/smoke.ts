import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding } from '../report.ts'
import { namesOf, packageOf, parseModule } from '../syntax.ts'
import { publishedDependencies, sourcesOf, type Package } from '../workspace.ts'

/** The file of a plugin package that registers it in plain Fastify: run in the workspace by Jest and against the packed tarball. */
export const smokeFile = 'test/plain-fastify.ts'

const exported = { register: 'registers the plugin', verify: 'throws unless the plugin works' }

/** A plugin package has its plain-Fastify file, and that file can run where only the package and its peers are installed. */
export function checkSmoke(pkg: Package): Finding[] {
  const file = join(pkg.directory, smokeFile)
  const where = `${pkg.path}/${smokeFile}`
  if (!existsSync(file))
    return isPlugin(pkg) ? [{ where, what: 'is missing: a plugin package shows that it works in plain Fastify (CONTRIBUTING.md)' }] : []
  const source = readFileSync(file, 'utf8')
  const findings: Finding[] = []
  const offered = namesOf(source).values
  for (const [name, purpose] of Object.entries(exported)) {
    if (!offered.includes(name)) findings.push({ where, what: `must export \`${name}(app)\`, which ${purpose}` })
  }
  const available = new Set([pkg.name, ...publishedDependencies(pkg.manifest)])
  for (const specifier of importsAtRunTime(source)) {
    const name = packageOf(specifier)
    if (specifier.startsWith('.')) findings.push({ where, what: `imports ${specifier}; it is copied alone into an empty project` })
    else if (name !== undefined && !available.has(name))
      findings.push({ where, what: `imports ${name}, which is neither the package nor one of its dependencies` })
  }
  return findings
}

/** A package whose sources define a plugin with the kernel's `plugin()`. */
export function isPlugin(pkg: Package): boolean {
  if (existsSync(join(pkg.directory, 'src/plugin.ts'))) return true
  return sourcesOf(pkg).some((file) => /import \{[^}]*\bplugin\b[^}]*\} from '@covet\/core'/.test(readFileSync(file, 'utf8')))
}

function importsAtRunTime(source: string): string[] {
  return parseModule(source).body.flatMap((item) => (item.type === 'ImportDeclaration' && !item.typeOnly ? [item.source.value] : []))
}
