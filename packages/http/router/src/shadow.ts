import { isExpression, type PathToken } from './path.ts'

type Segment = Extract<PathToken, { kind: 'segment' }>

/** Expressions that take any text a plain parameter would take. */
const takesAll = new Set(['.*', '.+', '.*?', '.+?', '[^/]*', '[^/]+', '[\\s\\S]*', '[\\s\\S]+', '[^]*', '[^]+'])

/**
 * Whether every request of `route` goes to `other`. Of two paths with the same fixed text, find-my-way tries the one with
 * an expression first: one that takes any text leaves nothing to the other.
 */
export function isShadowed(route: readonly PathToken[], other: readonly PathToken[]): boolean {
  if (route.length !== other.length) return false
  let isTriedAfter = false
  for (const [index, token] of route.entries()) {
    const against = other[index]
    if (token.kind !== against?.kind) return false
    if (token.kind === 'static' && token.text !== (against as typeof token).text) return false
    if (token.kind !== 'segment' || sameExpression(token, against as Segment)) continue
    if (!isCatchAll(against as Segment)) return false
    isTriedAfter = true
  }
  return isTriedAfter
}

function isCatchAll({ parts }: Segment): boolean {
  const [param] = parts
  if (parts.length !== 1 || typeof param !== 'object' || param.regex === undefined) return false
  return takesAll.has(param.regex.replace(/^\^/, '').replace(/\$$/, ''))
}

function sameExpression(a: Segment, b: Segment): boolean {
  if (!isExpression(a) || !isExpression(b)) return isExpression(a) === isExpression(b)
  return shapeOf(a) === shapeOf(b)
}

function shapeOf({ parts }: Segment): string {
  return JSON.stringify(parts.map((part) => (typeof part === 'string' ? part : [part.regex ?? null])))
}
