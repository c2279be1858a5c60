import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding } from '../report.ts'
import { parseModule } from '../syntax.ts'
import { readText, sourcesOf, type Package } from '../workspace.ts'

/** The parts npm's visitors look for, and every option and error code the sources define. */
export function checkReadme(pkg: Package): Finding[] {
  const where = `${pkg.path}/README.md`
  const text = readText(join(pkg.directory, 'README.md'))
  if (text === '') return [{ where, what: 'is missing' }]
  const missing = [
    !text.startsWith(`# ${pkg.name}\n`) && `must start with "# ${pkg.name}"`,
    !new RegExp(`^(npm install|pnpm add) .*${pkg.name}`, 'm').test(text) && `has no install command such as "npm install ${pkg.name}"`,
    !/^```ts$/m.test(text) && 'has no ```ts example',
    ...optionNames(pkg)
      .filter((name) => !new RegExp(`\`[^\`\\n]*\\b${name}\\b[^\`\\n]*\``).test(text))
      .map((name) => `does not mention the option \`${name}\``),
    ...errorCodes(pkg)
      .filter((code) => !text.includes(code))
      .map((code) => `does not mention the error ${code}`),
  ]
  return missing.filter((what) => typeof what === 'string').map((what) => ({ where, what }))
}

/** The members of every exported `…Options` interface of `src/options.ts`. */
export function optionNames(pkg: Package): string[] {
  const body = parseModule(readText(join(pkg.directory, 'src/options.ts'))).body
  return body.flatMap((item) => {
    if (item.type !== 'ExportDeclaration' || item.declaration.type !== 'TsInterfaceDeclaration') return []
    const { id, body: members } = item.declaration
    if (!/^(?!Resolved).*Options$/.test(id.value)) return []
    return members.body.flatMap((member) => ('key' in member && member.key.type === 'Identifier' ? [member.key.value] : []))
  })
}

/** The `area/fact` codes of the error classes. */
export function errorCodes(pkg: Package): string[] {
  const sources = sourcesOf(pkg).filter((file) => /errors?\.ts$/.test(file))
  const codes = sources.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/super\(\s*'([a-z0-9-]+\/[a-z0-9-]+)'/g)].map(([, code]) => code as string),
  )
  return [...new Set(codes)].toSorted()
}
