import { globSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import type { Finding } from '../report.ts'
import { importsOf, packageOf } from '../syntax.ts'
import { publishedDependencies, type Package } from '../workspace.ts'
import { isPlugin } from './smoke.ts'

interface Import {
  /** The file that imports, relative to the package. */
  readonly file: string
  readonly specifier: string
}

/** What `src` imports is declared for users, what tests import is declared at all, and what is declared is imported. */
export function checkImports(pkg: Package): Finding[] {
  const inSource = importsIn(pkg, 'src')
  const inTests = importsIn(pkg, 'test')
  const used = new Set(inSource.map(({ specifier }) => packageOf(specifier)))
  const idle = publishedDependencies(pkg.manifest).filter((name) => !used.has(name) && !isUsedUnnamed(name, pkg))
  return [
    ...complaints(pkg, inSource, (name) => missingForUsers(name, pkg)),
    ...complaints(pkg, inTests, (name) => missingForTests(name, pkg)),
    ...idle.map((name) => ({ where: `${pkg.path}/package.json`, what: `declares ${name}, which src never imports; remove it` })),
  ]
}

function importsIn(pkg: Package, folder: string): Import[] {
  return globSync(`${folder}/**/*.ts`, { cwd: pkg.directory })
    .toSorted()
    .flatMap((file) => importsOf(readFileSync(join(pkg.directory, file), 'utf8')).map((specifier) => ({ file, specifier })))
}

function complaints(pkg: Package, imports: readonly Import[], judge: (name: string) => string | undefined): Finding[] {
  return imports.flatMap(({ file, specifier }) => {
    const name = packageOf(specifier)
    const what = name === undefined ? unprefixed(specifier) : judge(name)
    return what === undefined ? [] : [{ where: `${pkg.path}/${file}`, what }]
  })
}

function unprefixed(specifier: string): string | undefined {
  return !specifier.startsWith('node:') && builtinModules.includes(specifier)
    ? `write the built-in "${specifier}" as "node:${specifier}"`
    : undefined
}

/** DefinitelyTyped packages come with the package they describe; a plugin meets Fastify through the `app` it is given. */
function isUsedUnnamed(name: string, pkg: Package): boolean {
  return name.startsWith('@types/') || (name === 'fastify' && isPlugin(pkg))
}

function missingForUsers(name: string, pkg: Package): string | undefined {
  if (name === pkg.name) return 'imports its own package by name; use a relative path'
  if (publishedDependencies(pkg.manifest).includes(name)) return undefined
  if (pkg.manifest.devDependencies?.[name] === undefined) return `imports ${name}, which package.json does not declare`
  return `imports ${name}, which is only a devDependency; users will not have it`
}

/** Without this, what the root or another package happens to install would be found by walking up. */
function missingForTests(name: string, pkg: Package): string | undefined {
  const isDeclared =
    name === pkg.name || pkg.manifest.devDependencies?.[name] !== undefined || publishedDependencies(pkg.manifest).includes(name)
  return isDeclared ? undefined : `imports ${name}, which package.json does not declare, not even for tests`
}
