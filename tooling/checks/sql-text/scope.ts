import type { Pattern } from '@swc/core'
import { boundNames, isNode, type Node, visit } from '../syntax.ts'

/** What a name stands for at one place. */
export type Binding =
  | { readonly kind: 'const'; readonly value: unknown; readonly scope: Scope }
  /** A destructured property. */
  | { readonly kind: 'member'; readonly name: string; readonly of: unknown; readonly scope: Scope }
  | { readonly kind: 'import'; readonly name: string; readonly from: string }
  | { readonly kind: 'function'; readonly value: Node; readonly scope: Scope }
  /** A parameter, a variable, or something that is changed: what it is cannot be told. */
  | { readonly kind: 'untold' }

/** The names that are visible at one place, innermost first. */
export class Scope {
  readonly #names = new Map<string, Binding>()
  readonly #outer: Scope | undefined
  readonly #changed: ReadonlySet<string>
  /** Where the module is, from which its imports are resolved; undefined for a text without a place. */
  readonly file: string | undefined

  private constructor(outer: Scope | undefined, changed: ReadonlySet<string>, file: string | undefined) {
    this.#outer = outer
    this.#changed = changed
    this.file = file
  }

  static ofModule(module: Node, file?: string): Scope {
    return new Scope(undefined, changedNames(module), file)
  }

  inner(): Scope {
    return new Scope(this, this.#changed, this.file)
  }

  find(name: string): Binding {
    if (this.#changed.has(name)) return untold
    return this.#names.get(name) ?? this.#outer?.find(name) ?? untold
  }

  add(name: string, binding: Binding): void {
    this.#names.set(name, binding)
  }
}

const untold: Binding = { kind: 'untold' }

/** Sees every node with the names that are visible there. Where `see` answers false, it is left out with all inside it. */
export function walk(value: unknown, scope: Scope, see: (node: Node, scope: Scope) => boolean | void): void {
  if (Array.isArray(value)) for (const item of value) walk(item, scope, see)
  else if (isNode(value)) {
    const inside = scopeInside(value, scope)
    if (see(value, inside) === false) return
    for (const child of Object.values(value)) walk(child, inside, see)
  }
}

/** With the names that a function, a block, a loop or the module brings. */
export function scopeInside(node: Node, outer: Scope): Scope {
  const parameters = parametersOf(node)
  const statements = statementsOf(node)
  if (parameters.length === 0 && statements.length === 0) return outer
  const scope = outer.inner()
  for (const pattern of parameters) addPattern(pattern, undefined, scope)
  for (const statement of statements) addStatement(statement, scope)
  return scope
}

function parametersOf({ type, params, param }: Node): readonly Pattern[] {
  if (type === 'CatchClause') return isNode(param) ? [param as unknown as Pattern] : []
  if (!Array.isArray(params)) return []
  return (params as readonly Node[]).map((parameter) => (parameter['pat'] ?? parameter['param'] ?? parameter) as Pattern)
}

function statementsOf({ type, body, stmts, consequent, left, init }: Node): readonly Node[] {
  if (type === 'Module') return body as readonly Node[]
  if (type === 'SwitchCase') return consequent as readonly Node[]
  if (Array.isArray(stmts)) return stmts as readonly Node[]
  return [left, init].filter((head) => isNode(head) && head['type'] === 'VariableDeclaration') as readonly Node[]
}

function addStatement(statement: Node, scope: Scope): void {
  const declaration = statement['type'] === 'ExportDeclaration' ? (statement['declaration'] as Node) : statement
  if (declaration['type'] === 'ImportDeclaration') addImports(declaration, scope)
  else if (declaration['type'] === 'FunctionDeclaration')
    scope.add(nameOf(declaration['identifier']), { kind: 'function', value: declaration, scope })
  else if (declaration['type'] === 'ClassDeclaration') scope.add(nameOf(declaration['identifier']), untold)
  else if (declaration['type'] === 'VariableDeclaration')
    for (const { id, init } of declaration['declarations'] as readonly { id: Pattern; init?: unknown }[])
      addPattern(id, declaration['kind'] === 'const' ? init : undefined, scope)
}

function addImports({ specifiers, source }: Node, scope: Scope): void {
  const from = nameOf(source)
  for (const { local, imported } of specifiers as readonly Node[])
    scope.add(nameOf(local), { kind: 'import', name: nameOf(imported ?? local), from })
}

function addPattern(pattern: Pattern, value: unknown, scope: Scope): void {
  if (pattern.type === 'AssignmentPattern') return addPattern(pattern.left, undefined, scope)
  if (pattern.type === 'Identifier') return scope.add(pattern.value, isNode(value) ? { kind: 'const', value, scope } : untold)
  if (pattern.type === 'ObjectPattern') {
    for (const property of pattern.properties) {
      if (property.type === 'AssignmentPatternProperty')
        scope.add(property.key.value, { kind: 'member', name: property.key.value, of: value, scope })
      else if (property.type === 'KeyValuePatternProperty') addMember(nameOf(property.key), property.value, value, scope)
      else addPattern(property.argument, undefined, scope)
    }
    return
  }
  for (const name of boundNames(pattern)) scope.add(name, untold)
}

function addMember(name: string, pattern: Pattern, of: unknown, scope: Scope): void {
  const target = pattern.type === 'AssignmentPattern' ? pattern.left : pattern
  if (target.type === 'Identifier') scope.add(target.value, { kind: 'member', name, of, scope })
  else addPattern(target, undefined, scope)
}

/** Names that are assigned to somewhere in the module, or whose properties are: `text += …`, `statement.text = …`. */
function changedNames(module: Node): ReadonlySet<string> {
  const names = new Set<string>()
  const add = (target: unknown): void =>
    visit(target, (node) => {
      if (node['type'] === 'Identifier') names.add(nameOf(node))
    })
  visit(module, ({ type, left, argument, callee, arguments: given }) => {
    if (type === 'AssignmentExpression') add(left)
    if (type === 'UpdateExpression') add(argument)
    // Object.assign(statement, …), Object.defineProperty(statement, …)
    if (type === 'CallExpression' && isNode(callee) && nameOf(callee['object']) === 'Object') add((given as readonly unknown[])[0])
  })
  return names
}

/** Of an identifier, a literal, or a property; '' for what has none in the text. */
export function nameOf(node: unknown): string {
  if (!isNode(node)) return ''
  if (node['type'] === 'Computed') return nameOf(node['expression'])
  if (node['type'] === 'TemplateLiteral') {
    const [only, ...others] = node['quasis'] as readonly { cooked?: string }[]
    return others.length === 0 ? (only?.cooked ?? '') : ''
  }
  return typeof node['value'] === 'string' ? node['value'] : ''
}
