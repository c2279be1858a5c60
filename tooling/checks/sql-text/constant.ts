import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isNode, type Node, parseModule } from '../syntax.ts'
import { type Binding, nameOf, Scope, scopeInside, walk } from './scope.ts'

/** Whether a text is the same whatever is asked of the application: made of literals and of names bound to such. */
export function isConstant(node: unknown, scope: Scope): boolean {
  return isText(node, scope, new Set())
}

/** Whether what is given as a statement has a constant text. What is no statement, as a string or an object without a text, is none of ours. */
export function hasConstantText(node: unknown, scope: Scope): boolean {
  const value = unwrapped(node)
  if (!isNode(value) || isNoStatement.has(value['type'])) return true
  if (value['type'] === 'ObjectExpression') {
    const text = propertyOf(value, 'text', scope)
    return text === undefined || (text !== 'untold' && isConstant(text.value, text.scope))
  }
  if (value['type'] === 'Identifier') {
    const binding = bindingOf(nameOf(value), scope)
    return binding.kind === 'const' && hasConstantText(binding.value, binding.scope)
  }
  return isConstant(value, scope)
}

const isNoStatement: ReadonlySet<unknown> = new Set(['ArrowFunctionExpression', 'FunctionExpression', 'ArrayExpression'])

/** What a name stands for, also where it is imported from a file next to this one. */
export function bindingOf(name: string, scope: Scope): Binding {
  const binding = scope.find(name)
  if (binding.kind !== 'import' || scope.file === undefined || !binding.from.startsWith('.')) return binding
  return scopeOfFile(join(dirname(scope.file), binding.from))?.find(binding.name) ?? binding
}

const files = new Map<string, Scope | undefined>()

function scopeOfFile(file: string): Scope | undefined {
  if (!files.has(file)) {
    const module = existsSync(file) ? (parseModule(readFileSync(file, 'utf8')) as unknown as Node) : undefined
    files.set(file, module && scopeInside(module, Scope.ofModule(module, file)))
  }
  return files.get(file)
}

/** Around an expression that is the same without them: `(x)`, `x as T`, `x!`, `await x`. */
const wrappers: ReadonlySet<unknown> = new Set([
  'ParenthesisExpression',
  'TsAsExpression',
  'TsConstAssertion',
  'TsNonNullExpression',
  'TsSatisfiesExpression',
  'TsTypeAssertion',
])

export function unwrapped(node: unknown): unknown {
  let current = node
  while (isNode(current)) {
    if (wrappers.has(current['type'])) current = current['expression']
    else if (current['type'] === 'AwaitExpression') current = current['argument']
    else if (current['type'] === 'OptionalChainingExpression') current = current['base']
    else break
  }
  return current
}

/** @param seen what is being looked at, so that a function that calls itself has an end */
function isText(node: unknown, scope: Scope, seen: Set<unknown>): boolean {
  const value = unwrapped(node)
  if (!isNode(value) || seen.has(value)) return false
  seen.add(value)
  const judge = judges[String(value['type'])]
  const constant = judge !== undefined && judge(value, scope, (part, at = scope) => isText(part, at, seen))
  seen.delete(value)
  return constant
}

type Judge = (node: Node, scope: Scope, isPart: (part: unknown, at?: Scope) => boolean) => boolean

const judges: Readonly<Record<string, Judge>> = {
  StringLiteral: () => true,
  NumericLiteral: () => true,
  TemplateLiteral: ({ expressions }, _, isPart) => (expressions as readonly unknown[]).every((each) => isPart(each)),
  BinaryExpression: ({ operator, left, right }, _, isPart) => operator === '+' && isPart(left) && isPart(right),
  ConditionalExpression: ({ consequent, alternate }, _, isPart) => isPart(consequent) && isPart(alternate),
  Identifier(node, scope, isPart) {
    const binding = bindingOf(nameOf(node), scope)
    return binding.kind === 'const' && isPart(binding.value, binding.scope)
  },
  MemberExpression({ object, property }, scope, isPart) {
    const holder = unwrapped(object)
    const binding = isNode(holder) && holder['type'] === 'Identifier' ? bindingOf(nameOf(holder), scope) : undefined
    if (binding?.kind !== 'const') return false
    const member = propertyOf(unwrapped(binding.value), nameOf(property), binding.scope)
    return member !== undefined && member !== 'untold' && isPart(member.value, member.scope)
  },
  CallExpression({ callee }, scope, isPart) {
    const called = unwrapped(callee)
    const binding = isNode(called) && called['type'] === 'Identifier' ? bindingOf(nameOf(called), scope) : undefined
    if (binding?.kind === 'function') return returnsOf(binding.value, binding.scope).every(([value, at]) => isPart(value, at))
    const arrow = binding?.kind === 'const' ? unwrapped(binding.value) : undefined
    if (binding?.kind !== 'const' || !isNode(arrow) || !functions.has(arrow['type'])) return false
    return returnsOf(arrow, binding.scope).every(([value, at]) => isPart(value, at))
  },
}

const functions: ReadonlySet<unknown> = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'])

function returnsOf(made: Node, outer: Scope): readonly (readonly [unknown, Scope])[] {
  const { body } = made
  if (made['generator'] === true || !isNode(body)) return [[undefined, outer]]
  if (!Array.isArray(body['stmts'])) return [[body, scopeInside(made, outer)]]
  const found: [unknown, Scope][] = []
  walk(made, outer, (node, scope) => {
    if (node['type'] === 'ReturnStatement') found.push([node['argument'], scope])
    return node === made || !functions.has(node['type'])
  })
  return found
}

type Property = { readonly value: unknown; readonly scope: Scope } | 'untold' | undefined

/** The last of the name wins; a spread behind it, or a name that is computed, can be anything. */
function propertyOf(object: unknown, name: string, scope: Scope): Property {
  if (!isNode(object) || object['type'] !== 'ObjectExpression') return 'untold'
  for (const property of (object['properties'] as readonly Node[]).toReversed()) {
    if (property['type'] === 'SpreadElement') {
      const spread = spreadProperty(property['arguments'], name, scope)
      if (spread !== undefined) return spread
    } else if (property['type'] === 'Identifier') {
      if (nameOf(property) === name) return { value: property, scope }
    } else {
      const key = nameOf(property['key'])
      if (key === '' || (key === name && property['type'] !== 'KeyValueProperty')) return 'untold'
      if (key === name) return { value: property['value'], scope }
    }
  }
  return undefined
}

function spreadProperty(spread: unknown, name: string, scope: Scope): Property {
  const value = unwrapped(spread)
  if (!isNode(value) || value['type'] !== 'Identifier') return propertyOf(value, name, scope)
  const binding = bindingOf(nameOf(value), scope)
  return binding.kind === 'const' ? propertyOf(unwrapped(binding.value), name, binding.scope) : 'untold'
}
