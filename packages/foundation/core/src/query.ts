import { parse } from 'node:querystring'

const kRefused = Symbol('covet.refused-query')

type Query = Record<string, unknown>

/** A parser may not throw where Fastify calls it; it marks what the edge then refuses. */
class RefusedQuery {
  readonly [kRefused]: string
  constructor(reason: string) {
    this[kRefused] = reason
  }
}

/** The members of an object that reach its prototype, as a query would name them: `__proto__[x]`, `a[constructor]`. */
const forbiddenName = /(?:^|[.[\]])(?:__proto__|constructor|prototype)(?:$|[.[\]])/

/** An object without a prototype that V8 need not keep as a dictionary, as it does what `Object.create(null)` makes. */
const NoQuery = function NoQuery() {} as unknown as new () => object
NoQuery.prototype = Object.freeze(Object.create(null) as object)

/** Parses a query string flat, without a prototype, with at most `maxPairs` pairs. */
export function queryParser(maxPairs: number): (query: string) => Query {
  return (query) => {
    if (query.length === 0) return new NoQuery() as Query
    if (countPairs(query) > maxPairs) return refused(`A query string may have at most ${maxPairs} pairs.`)
    const parsed = parse(query, '&', '=', { maxKeys: 0 }) as Query
    for (const name in parsed) {
      if (forbiddenName.test(name)) return refused('The query string has a parameter with a forbidden name.')
    }
    return parsed
  }
}

/** Why a query was refused, if it was. */
export function refusedQuery(query: unknown): string | undefined {
  return query instanceof RefusedQuery ? query[kRefused] : undefined
}

function refused(reason: string): Query {
  return new RefusedQuery(reason) as unknown as Query
}

function countPairs(query: string): number {
  let pairs = 1
  for (let at = query.indexOf('&'); at !== -1; at = query.indexOf('&', at + 1)) pairs++
  return pairs
}
