import { builtinModules } from 'node:module'
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { Finding } from '../report.ts'
import { importsOf, packageOf } from '../syntax.ts'
import { publishedDependencies, sourcesOf, type Package } from '../workspace.ts'

/** What `src` imports is declared for users, and what is declared is imported. */
export function checkImports(pkg: Package): Finding[] {
  const declared = new Set(publishedDependencies(pkg.manifest))
  const used = new Set<string>()
  const findings: Finding[] = []
  for (const file of sourcesOf(pkg)) {
    const where = `${pkg.path}/${relative(pkg.directory, file)}`
    for (const specifier of importsOf(readFileSync(file, 'utf8'))) {
      if (builtinModules.includes(specifier)) findings.push({ where, what: `write the built-in "${specifier}" as "node:${specifier}"` })
      const name = packageOf(specifier)
      if (name === undefined) continue
      used.add(name)
      const what = undeclared(name, pkg, declared)
      if (what !== undefined) findings.push({ where, what })
    }
  }
  for (const name of declared) {
    // DefinitelyTyped packages are used by the compiler, through the package they describe.
    if (!used.has(name) && !name.startsWith('@types/'))
      findings.push({ where: `${pkg.path}/package.json`, what: `declares ${name}, which src never imports; remove it` })
  }
  return findings
}

function undeclared(name: string, pkg: Package, declared: ReadonlySet<string>): string | undefined {
  if (name === pkg.name) return 'imports its own package by name; use a relative path'
  if (declared.has(name)) return undefined
  const isDev = pkg.manifest.devDependencies?.[name] !== undefined
  return isDev
    ? `imports ${name}, which is only a devDependency; users will not have it`
    : `imports ${name}, which package.json does not declare`
}
