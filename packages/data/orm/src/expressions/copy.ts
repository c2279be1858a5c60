import type { Node } from './node.ts'
import { Source } from './source.ts'

type Move = (source: Source) => Source
/** Keeps what a copy is one of. */
type Keep = (copy: Node, of: Node) => unknown

const originals = new WeakMap<Node, Node>()

/**
 * The same expression for another place of a query: a value is counted for each place where it stands, so both cannot be
 * one object. A node is plain data down to its sources, its columns' definitions and its values.
 * @param move the rows it is about there
 */
export function copyOf(node: Node, move: Move = (source) => source): Node {
  return copied(node, (copy, of) => originals.set(copy, originalOf(of)), move) as Node
}

/** The expression over other rows, in the place of the one that was made. */
export function movedTo(node: Node, move: Move): Node {
  const keep: Keep = (copy, of) => {
    const original = originals.get(of)
    if (original) originals.set(copy, original)
  }
  return copied(node, keep, move) as Node
}

/** The expression that this one is a copy of, or it itself. */
export function originalOf(node: Node): Node {
  return originals.get(node) ?? node
}

function copied(part: unknown, keep: Keep, move: Move): unknown {
  if (part instanceof Source) return move(part)
  if (Array.isArray(part)) return part.map((item) => copied(item, keep, move))
  if (!isPlain(part)) return part
  const isValue = part['kind'] === 'value'
  const copy = Object.fromEntries(
    Object.entries(part).map(([name, member]) => {
      if (queries.has(name) && isPlain(member)) return [name, { ...member }]
      return [name, kept.has(name) || (isValue && name === 'value') ? member : copied(member, keep, move)]
    }),
  )
  if ('kind' in part) keep(copy as unknown as Node, part as unknown as Node)
  return copy
}

function isPlain(part: unknown): part is Readonly<Record<string, unknown>> {
  return typeof part === 'object' && part !== null && Object.getPrototypeOf(part) === Object.prototype
}

const queries: ReadonlySet<string> = new Set(['query', 'from'])
const kept: ReadonlySet<string> = new Set(['column', 'type', 'types', 'input', 'values', 'keys', 'sql', 'junction', 'foreign', 'path'])
