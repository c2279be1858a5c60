import { createHash } from 'node:crypto'

/** The name of an answer: no two statements, parameters, tables or versions share one. */
export function cacheKey(
  text: string,
  params: readonly unknown[],
  /** As the store knows them. */
  tables: readonly string[],
  versions: readonly string[],
): string {
  const content = JSON.stringify([text, params.map(tagged), tables, versions])
  return createHash('sha256').update(content).digest('base64url')
}

/** Values that JSON would make alike stay apart. */
function tagged(value: unknown): unknown {
  if (typeof value === 'bigint') return ['bigint', value.toString()]
  if (value instanceof Uint8Array) return ['bytes', Buffer.from(value).toString('base64')]
  if (typeof value === 'object' && value !== null && 'toISOString' in value) return ['date', String((value as Date).toISOString())]
  return Array.isArray(value) ? value.map(tagged) : value
}
