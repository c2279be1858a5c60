import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding } from './report.ts'
import { isNode, type Node, parseModule, visit } from './syntax.ts'

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
  visit(parseModule(source), (node) => {
    if (node['type'] !== 'CallExpression') return
    const name = calledName(node['callee'])
    const argument = firstArgument(node)
    if (argument === undefined) return
    if (name === 'sql.raw' && !isConstant(argument)) found.push(name)
    else if (name.endsWith('.script') && isComposed(argument)) found.push(name)
    else if (/\.(?:execute|executeNow)$/.test(name) && isComposed(memberOf(argument, 'text'))) found.push(name)
  })
  return found
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

function memberOf(object: unknown, name: string): unknown {
  if (!isNode(object) || object['type'] !== 'ObjectExpression') return undefined
  const properties = object['properties'] as readonly Node[]
  const property = properties.find(({ key }) => isNode(key) && key['value'] === name)
  return property?.['value']
}

function isConstant(node: unknown): boolean {
  if (!isNode(node)) return false
  return node['type'] === 'StringLiteral' || (node['type'] === 'TemplateLiteral' && (node['expressions'] as unknown[]).length === 0)
}

/** A template with something in it, or a sum. */
function isComposed(node: unknown): boolean {
  if (!isNode(node)) return false
  if (node['type'] === 'TemplateLiteral') return (node['expressions'] as unknown[]).length > 0
  return node['type'] === 'BinaryExpression' && node['operator'] === '+'
}
