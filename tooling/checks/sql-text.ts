import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Pattern } from '@swc/core'
import type { Finding } from './report.ts'
import { boundNames, isNode, type Node, parseModule } from './syntax.ts'

/** Where SQL is written for everybody else: the words put together there come from closed sets. */
const writers = /^packages\/data\//

/** SQL text that is put together from values, which parameters and fragments never need (SQL-04). */
export function findComposedSql(root: string): Finding[] {
  return globSync('{packages/*/*,apps/*}/{src,test}/**/*.ts', { cwd: root })
    .filter((file) => !writers.test(file))
    .toSorted()
    .flatMap((file) =>
      composedSql(readFileSync(join(root, file), 'utf8')).map((call) => ({
        where: file,
        what: `SQL-04: ${call} is given text that is put together. ${remedy}`,
      })),
    )
}

const remedy = 'Write ${value} inside db.sql`…`, which makes it a parameter, and names by identifier().'

/** The calls of a module that take SQL as text and are given one that is not constant. */
export function composedSql(source: string): string[] {
  const found: string[] = []
  search(parseModule(source), new Map(), found)
  return found
}

/** What the names that are visible at one place stand for. */
type Names = ReadonlyMap<string, Given>

interface Given {
  readonly isComposed: boolean
  /** The same of the text of a statement: `{ text, params }`. */
  readonly hasComposedText: boolean
}

const untold: Given = { isComposed: false, hasComposedText: false }

function search(value: unknown, names: Names, found: string[]): void {
  if (!isNode(value)) return
  const inside = namesInside(value, names)
  if (value['type'] === 'CallExpression' && takesComposed(value, inside)) found.push(calledName(value['callee']))
  for (const child of Object.values(value)) search(child, inside, found)
}

function takesComposed(call: Node, names: Names): boolean {
  const name = calledName(call['callee'])
  const argument = firstArgument(call)
  if (argument === undefined) return false
  if (name === 'sql.raw') return !isConstant(argument)
  if (name.endsWith('.script')) return givenBy(argument, names).isComposed
  return /\.(?:execute|executeNow|stream)$/.test(name) && givenBy(argument, names).hasComposedText
}

/** With those that a function, a block or the module brings. */
function namesInside(node: Node, outer: Names): Names {
  const own = [...parametersOf(node), ...statementsOf(node).flatMap(declaratorsOf)]
  if (own.length === 0) return outer
  const names = new Map(outer)
  for (const { id, init } of own)
    for (const name of boundNames(id)) names.set(name, id.type === 'Identifier' ? givenBy(init, names) : untold)
  return names
}

interface Declarator {
  readonly id: Pattern
  readonly init?: unknown
}

function parametersOf({ params }: Node): readonly Declarator[] {
  if (!Array.isArray(params)) return []
  return (params as readonly Node[]).map((parameter) => ({ id: (parameter['pat'] ?? parameter['param'] ?? parameter) as Pattern }))
}

function statementsOf({ type, body, stmts }: Node): readonly Node[] {
  const statements = type === 'Module' ? body : stmts
  return Array.isArray(statements) ? (statements as readonly Node[]) : []
}

function declaratorsOf(statement: Node): readonly Declarator[] {
  const declaration = statement['type'] === 'ExportDeclaration' ? (statement['declaration'] as Node) : statement
  return declaration['type'] === 'VariableDeclaration' ? (declaration['declarations'] as readonly Declarator[]) : []
}

function givenBy(node: unknown, names: Names): Given {
  if (!isNode(node)) return untold
  if (node['type'] === 'Identifier') return names.get(String(node['value'])) ?? untold
  return { isComposed: isComposed(node), hasComposedText: givenBy(memberOf(node, 'text'), names).isComposed }
}

function calledName(callee: unknown): string {
  if (!isNode(callee)) return ''
  if (callee['type'] === 'Identifier') return String(callee['value'])
  if (callee['type'] !== 'MemberExpression') return ''
  const { property } = callee
  return `${calledName(callee['object'])}.${isNode(property) ? String(property['value']) : ''}`
}

function firstArgument(call: Node): unknown {
  const [first] = call['arguments'] as readonly Node[]
  return first?.['expression']
}

function memberOf(object: Node, name: string): unknown {
  if (object['type'] !== 'ObjectExpression') return undefined
  const properties = object['properties'] as readonly Node[]
  const shorthand = properties.find(({ type, value }) => type === 'Identifier' && value === name)
  return shorthand ?? properties.find(({ key }) => isNode(key) && key['value'] === name)?.['value']
}

function isConstant(node: unknown): boolean {
  if (!isNode(node)) return false
  return node['type'] === 'StringLiteral' || (node['type'] === 'TemplateLiteral' && (node['expressions'] as unknown[]).length === 0)
}

/** A template with something in it, or a sum. */
function isComposed(node: Node): boolean {
  if (node['type'] === 'TemplateLiteral') return (node['expressions'] as unknown[]).length > 0
  return node['type'] === 'BinaryExpression' && node['operator'] === '+'
}
