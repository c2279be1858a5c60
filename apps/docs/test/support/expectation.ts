import assert from 'node:assert/strict'
import { types } from 'node:util'

/** Stands in an expectation for what is different in every run. */
export const _: unique symbol = Symbol('anything')

let met = 0

/** What the expression gives, once awaited, is what the page says. */
export async function gives(where: string, actual: () => Promise<unknown>, expected: () => unknown): Promise<void> {
  const value = plain(await actual())
  const wanted = expected()
  assert.deepEqual(hidden(value, wanted), wanted, `${where} gives ${JSON.stringify(value, texts)}`)
  met += 1
}

/** The expression throws an error of this class or code. */
export async function throws(where: string, work: () => Promise<unknown>, name: string): Promise<void> {
  try {
    await work()
  } catch (error) {
    const { constructor, code } = error as { constructor: { name: string }; code?: string }
    assert.ok(constructor.name === name || code === name, `${where} throws ${constructor.name} (${code}): ${String(error)}`)
    met += 1
    return
  }
  assert.fail(`${where} does not throw ${name}`)
}

/** Tells how many expectations were met. */
export function done(): void {
  console.log(`expectations met: ${met}`)
}

/** Instances as their `toJSON`, and objects of any class as plain ones. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || types.isDate(value) || types.isUint8Array(value)) return value
  if (Array.isArray(value)) return value.map(plain)
  if ('toJSON' in value && typeof value.toJSON === 'function') return plain(value.toJSON())
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]))
}

/** The value with `_` where the expectation has it. */
function hidden(value: unknown, wanted: unknown): unknown {
  if (wanted === _) return _
  if (Array.isArray(value) && Array.isArray(wanted)) return value.map((member: unknown, index) => hidden(member, wanted[index]))
  if (!isRecord(value) || !isRecord(wanted)) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, hidden(member, wanted[name])]))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

function texts(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value
}
