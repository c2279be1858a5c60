import { builtinModules } from 'node:module'
import { parseSync, type ExportSpecifier, type Module, type ModuleItem, type Pattern } from '@swc/core'

/** What a module offers: names with a value at run time, names that are types only, and whole modules passed on. */
export interface ModuleNames {
  readonly values: readonly string[]
  readonly types: readonly string[]
  /** `export * from '…'` */
  readonly stars: readonly string[]
  /** `export * as name from '…'`, by name. */
  readonly namespaces: Readonly<Record<string, string>>
}

export function parseModule(source: string): Module {
  return parseSync(source, { syntax: 'typescript', target: 'es2024' })
}

/** Every module the source names: imports, re-exports, `import()`, `import('…')` types, `declare module`, `import.meta.resolve`. */
export function importsOf(source: string): string[] {
  const found = new Set<string>()
  visit(parseModule(source), (node) => {
    const specifier = specifierOf(node)
    if (specifier !== undefined) found.add(specifier)
  })
  return [...found].toSorted()
}

/** The npm package of a bare specifier; nothing for a relative path or a Node built-in. */
export function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('node:') || builtinModules.includes(specifier)) return undefined
  const [scope = '', name = ''] = specifier.split('/')
  return scope.startsWith('@') ? `${scope}/${name}` : scope
}

export type Node = Readonly<Record<string, unknown>>

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null
}

export function visit(value: unknown, see: (node: Node) => void): void {
  if (Array.isArray(value)) for (const item of value) visit(item, see)
  else if (isNode(value)) {
    see(value)
    for (const child of Object.values(value)) visit(child, see)
  }
}

function specifierOf(node: Node): string | undefined {
  switch (node['type']) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return literal(node['source'])
    case 'TsImportType':
      return literal(node['argument'])
    case 'TsModuleDeclaration':
      return literal(node['id'])
    case 'CallExpression':
      return loads(node['callee']) ? firstArgument(node) : undefined
    default:
      return undefined
  }
}

/** `import(…)`, `require(…)`, `import.meta.resolve(…)`, `require.resolve(…)`. */
function loads(callee: unknown): boolean {
  if (!isNode(callee)) return false
  if (callee['type'] === 'Import') return true
  if (callee['type'] === 'Identifier') return callee['value'] === 'require'
  const { object, property } = callee
  if (!isNode(object) || !isNode(property) || property['value'] !== 'resolve') return false
  return object['type'] === 'MetaProperty' || object['value'] === 'require'
}

function firstArgument(call: Node): string | undefined {
  const [first] = call['arguments'] as readonly Node[]
  return literal(first?.['expression'])
}

function literal(value: unknown): string | undefined {
  return isNode(value) && value['type'] === 'StringLiteral' ? (value['value'] as string) : undefined
}

/** The names a module exports, read from its text. Sources keep types and values apart (`verbatimModuleSyntax`), so this needs no checker. */
export function namesOf(source: string): ModuleNames {
  const names = { values: [] as string[], types: [] as string[], stars: [] as string[], namespaces: {} as Record<string, string> }
  for (const item of parseModule(source).body) collect(item, names)
  return names
}

interface Names {
  values: string[]
  types: string[]
  stars: string[]
  namespaces: Record<string, string>
}

function collect(item: ModuleItem, names: Names): void {
  switch (item.type) {
    case 'ExportDefaultDeclaration':
    case 'ExportDefaultExpression':
      names.values.push('default')
      return
    case 'ExportAllDeclaration':
      names.stars.push(item.source.value)
      return
    case 'ExportDeclaration':
      collectDeclaration(item.declaration, names)
      return
    case 'ExportNamedDeclaration':
      for (const specifier of item.specifiers) {
        // swc's typings call the flag `typeOnly`; it is set for `export type { … }`.
        collectSpecifier(specifier, (item as { typeOnly?: boolean }).typeOnly === true, item.source?.value, names)
      }
      return
    default:
      return
  }
}

function collectSpecifier(specifier: ExportSpecifier, typeOnly: boolean, source: string | undefined, names: Names): void {
  if (specifier.type === 'ExportNamespaceSpecifier') {
    if (source !== undefined) names.namespaces[specifier.name.value] = source
    return
  }
  if (specifier.type === 'ExportDefaultSpecifier') return
  const isType = typeOnly || (specifier as { isTypeOnly?: boolean }).isTypeOnly === true
  const name = (specifier.exported ?? specifier.orig).value
  ;(isType ? names.types : names.values).push(name)
}

function collectDeclaration(declaration: Extract<ModuleItem, { type: 'ExportDeclaration' }>['declaration'], names: Names): void {
  switch (declaration.type) {
    case 'ClassDeclaration':
    case 'FunctionDeclaration':
      names.values.push(declaration.identifier.value)
      return
    case 'VariableDeclaration':
      names.values.push(...declaration.declarations.flatMap(({ id }) => boundNames(id)))
      return
    case 'TsInterfaceDeclaration':
    case 'TsTypeAliasDeclaration':
      names.types.push(declaration.id.value)
      return
    default:
      return
  }
}

/** The names that a declaration or a parameter brings. */
export function boundNames(pattern: Pattern): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.value]
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element ? boundNames(element) : []))
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) => {
        if (property.type === 'KeyValuePatternProperty') return boundNames(property.value)
        return property.type === 'AssignmentPatternProperty' ? [property.key.value] : boundNames(property.argument)
      })
    default:
      return []
  }
}
