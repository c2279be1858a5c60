import { types } from 'node:util'

/**
 * A value, as a driver or an instance has it, in a form that a Map finds: dates and bytes by what they hold, the others as
 * they are. Of one column; values of different types may look alike.
 * @returns undefined for null, which equals nothing
 */
export function identityOf(value: unknown): unknown {
  if (typeof value !== 'object') return value
  if (value === null) return undefined
  if (types.isDate(value)) return value.getTime()
  return types.isUint8Array(value) ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex') : value
}

/** The identity of several values together; undefined where one of them is null. */
export function compositeIdentity(values: readonly unknown[]): string | undefined {
  let identity = ''
  for (let index = 0; index < values.length; index += 1) {
    const part = identityOf(values[index])
    if (part === undefined) return undefined
    const text = String(part as string | number | bigint)
    // Its length before it: no text can stand for two.
    identity += `${text.length}:${text}`
  }
  return identity
}

/** What a composite identity was made of. */
export function identityParts(identity: string): string[] {
  const parts: string[] = []
  for (let at = 0; at < identity.length;) {
    const start = identity.indexOf(':', at) + 1
    at = start + Number(identity.slice(at, start - 1))
    parts.push(identity.slice(start, at))
  }
  return parts
}
