import { isNode, type Node } from '../syntax.ts'
import { bindingOf, hasConstantText, isConstant, unwrapped } from './constant.ts'
import { nameOf, type Scope } from './scope.ts'

/** How a call takes the text of a statement: as its first argument, or in it. */
type Takes = (node: unknown, scope: Scope) => boolean

/** The methods of a database and of a connection. */
const methods: ReadonlyMap<string, Takes> = new Map([
  ['script', isConstant],
  ['execute', hasConstantText],
  ['executeNow', hasConstantText],
  ['stream', hasConstantText],
])

/** What of kysely puts its argument into a statement as it is. */
const rawMethods: ReadonlySet<string> = new Set(['raw', 'lit'])
const rawHolders: ReadonlySet<string> = new Set(['sql', 'CompiledQuery'])

/** The method a call takes its text by, as it stands in the source; undefined where it takes none, or a constant. */
export function unsafeCall(call: Node, scope: Scope, ownMethods: ReadonlySet<string>): string | undefined {
  const { callee, index } = calledBy(call['callee'])
  const takes = takesText(callee, scope, ownMethods, 0)
  if (!takes) return undefined
  if (index === undefined) return shownName(callee)
  const given = call['arguments'] as readonly Node[]
  const first = given[index]
  if (given.slice(0, index + 1).some(({ spread }) => isNode(spread))) return shownName(callee)
  return first === undefined || takes(first['expression'], scope) ? undefined : shownName(callee)
}

/** `db.script.call(db, text)` is a call of `db.script`. The list of an `apply` can be anything. */
function calledBy(node: unknown): { callee: unknown; index: number | undefined } {
  const callee = unwrapped(node)
  const name = isNode(callee) && callee['type'] === 'MemberExpression' ? nameOf(callee['property']) : ''
  if (!isNode(callee) || (name !== 'call' && name !== 'apply')) return { callee, index: 0 }
  return { callee: unwrapped(callee['object']), index: name === 'call' ? 1 : undefined }
}

/** @param depth of the names that were followed */
function takesText(callee: unknown, scope: Scope, ownMethods: ReadonlySet<string>, depth: number): Takes | undefined {
  if (!isNode(callee) || depth > 8) return undefined
  if (callee['type'] === 'MemberExpression') return takesAsMethod(callee, scope, ownMethods)
  if (callee['type'] !== 'Identifier') return undefined
  const binding = bindingOf(nameOf(callee), scope)
  if (binding.kind === 'member' && rawMethods.has(binding.name)) return isRawHolder(unwrapped(binding.of), scope) ? isConstant : undefined
  if (binding.kind === 'member') return methods.get(binding.name)
  if (binding.kind !== 'const') return undefined
  return takesText(aliased(binding.value), binding.scope, ownMethods, depth + 1)
}

/** `db.script.bind(db)` is `db.script`. */
function aliased(node: unknown): unknown {
  const value = unwrapped(node)
  const callee = isNode(value) && value['type'] === 'CallExpression' ? unwrapped(value['callee']) : undefined
  return isNode(callee) && nameOf(callee['property']) === 'bind' ? unwrapped(callee['object']) : value
}

function takesAsMethod({ object, property }: Node, scope: Scope, ownMethods: ReadonlySet<string>): Takes | undefined {
  const holder = unwrapped(object)
  const name = memberName(property, scope)
  if (isNode(holder) && holder['type'] === 'ThisExpression' && ownMethods.has(name)) return undefined
  if (rawMethods.has(name)) return isRawHolder(holder, scope) ? isConstant : undefined
  return methods.get(name)
}

/** `db[method]` is followed where the name is constant. */
function memberName(property: unknown, scope: Scope): string {
  const computed = isNode(property) && property['type'] === 'Computed' ? unwrapped(property['expression']) : undefined
  if (!isNode(computed) || computed['type'] !== 'Identifier') return nameOf(property)
  const binding = bindingOf(nameOf(computed), scope)
  return binding.kind === 'const' ? nameOf(unwrapped(binding.value)) : ''
}

/** `sql` by whatever name it was imported or taken. */
function isRawHolder(holder: unknown, scope: Scope): boolean {
  if (!isNode(holder)) return false
  if (holder['type'] === 'MemberExpression') return rawHolders.has(nameOf(holder['property']))
  if (holder['type'] !== 'Identifier') return false
  const binding = bindingOf(nameOf(holder), scope)
  if (binding.kind === 'import' || binding.kind === 'member') return rawHolders.has(binding.name)
  if (binding.kind === 'const') return isRawHolder(unwrapped(binding.value), binding.scope)
  return rawHolders.has(nameOf(holder))
}

function shownName(callee: unknown): string {
  const node = unwrapped(callee)
  if (!isNode(node) || node['type'] === 'ThisExpression') return 'this'
  if (node['type'] !== 'MemberExpression') return nameOf(node) || '(…)'
  return `${shownName(node['object'])}.${nameOf(node['property']) || '…'}`
}
