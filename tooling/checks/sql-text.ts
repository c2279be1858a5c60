import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding } from './report.ts'
import { unsafeCall } from './sql-text/calls.ts'
import { nameOf, Scope, walk } from './sql-text/scope.ts'
import { type Node, parseModule, visit } from './syntax.ts'

/** Where SQL is written for everybody else, and passed on: the words put together there come from closed sets. */
const writers = /^packages\/data\/(?:db|orm|sqlite|postgres|mysql)\//

/** SQL whose text is not the same whatever is asked, which parameters and fragments never need (SQL-04). */
export function findComposedSql(root: string): Finding[] {
  return globSync('{packages/*/*,apps/*,benchmarks/*}/{src,test}/**/*.ts', { cwd: root })
    .filter((file) => !writers.test(file))
    .toSorted()
    .flatMap((file) =>
      judgedSql(readFileSync(join(root, file), 'utf8'), join(root, file)).map(({ line, what }) => ({
        where: `${file}:${line}`,
        what: `SQL-04: ${what}`,
      })),
    )
}

const remedy =
  'Write ${value} inside db.sql`…`, which makes it a parameter, and names by identifier(). ' +
  'Where the text is known to be no input, say why in a comment above: // SQL-04 -- the reason.'

interface Judged {
  readonly line: number
  readonly what: string
}

/** The same as findings of one file, and the comments that stand at no such call or give no reason. */
export function judgedSql(source: string, file?: string): Judged[] {
  const reasons = allowances(source)
  const found: Judged[] = []
  const used = new Set<number>()
  for (const { call, line } of unsafeCalls(source, file)) {
    const reason = reasons.get(line)
    used.add(line)
    if (reason === undefined) found.push({ line, what: `${call} is given text that is not constant. ${remedy}` })
    else if (reason === '') found.push({ line, what: `${call} is allowed without a reason.` })
  }
  for (const line of reasons.keys()) if (!used.has(line)) found.push({ line, what: 'the comment allows nothing.' })
  return found
}

const allowance = /\/\/ SQL-04 --[ \t]*(.*)$/

/** The reasons by the line of the call: a comment stands behind it, or alone above it. */
function allowances(source: string): ReadonlyMap<number, string> {
  const found = new Map<number, string>()
  for (const [index, line] of source.split('\n').entries()) {
    const [comment, reason] = allowance.exec(line) ?? []
    if (comment !== undefined && reason !== undefined) found.set(index + (line.trim() === comment ? 2 : 1), reason)
  }
  return found
}

interface UnsafeCall {
  readonly call: string
  readonly line: number
}

/** The calls of a module that take SQL as text and are given one that is not constant. */
function unsafeCalls(source: string, file?: string): UnsafeCall[] {
  const module = parseModule(source) as unknown as Node
  const bytes = Buffer.from(source)
  const own = methodsOf(module)
  const found: UnsafeCall[] = []
  walk(module, Scope.ofModule(module, file), (node, scope) => {
    if (node['type'] !== 'CallExpression') return
    const call = unsafeCall(node, scope, own)
    if (call !== undefined) found.push({ call, line: lineOf(node, bytes) })
  })
  return found
}

/** What `this` of a class of the module has by itself: `this.stream(…)` is its own method then, and no database's. */
function methodsOf(module: Node): ReadonlySet<string> {
  const names = new Set<string>()
  visit(module, ({ type, key }) => {
    if (type === 'ClassMethod') names.add(nameOf(key))
  })
  return names
}

/** swc counts bytes from 1. */
function lineOf({ span }: Node, bytes: Buffer): number {
  const { start } = span as { start: number }
  return bytes.toString('utf8', 0, start - 1).split('\n').length
}
