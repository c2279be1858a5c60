import type { TSchema } from 'typebox'
import Value from 'typebox/value'
import { itemOf, type SchemaNode } from './schema.ts'

/** A variable is text. What cannot be read as the schema's type stays text, for the validator to refuse. */
export function coerce(node: SchemaNode, text: string): unknown {
  if (node.anyOf) return coerceToFirst(node.anyOf, text)
  if (node.enum) return node.enum.find((member) => String(member) === text) ?? text
  if (node.const !== undefined) return String(node.const) === text ? node.const : text
  if (typeof node.type === 'object')
    return coerceToFirst(
      node.type.map((type) => ({ ...node, type })),
      text,
    )
  const read = readers[node.type ?? '']
  return read ? read(text.trim(), node) : text
}

/** An empty variable is a value for plain text only; elsewhere it means "not set", as in `PORT=`. */
export function isSet(node: SchemaNode, text: string | undefined): text is string {
  return text !== undefined && (text !== '' || (node.type === 'string' && !node.secret))
}

const readers: Readonly<Record<string, (text: string, node: SchemaNode) => unknown>> = {
  integer: readNumber,
  number: readNumber,
  boolean: readBoolean,
  array: readList,
  object: readJson,
  null: (text) => (text === 'null' ? null : text),
}

function readNumber(text: string): unknown {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : text
}

const booleans: Readonly<Record<string, boolean>> = { true: true, false: false, 1: true, 0: false }

function readBoolean(text: string): unknown {
  const key = text.toLowerCase()
  return Object.hasOwn(booleans, key) ? booleans[key] : text
}

function readList(text: string, node: SchemaNode): unknown {
  if (text.startsWith('[')) return readJson(text)
  const parts = text.split(',').map((part) => part.trim())
  return parts.map((part, index) => coerce(itemOf(node, index), part))
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

function coerceToFirst(nodes: readonly SchemaNode[], text: string): unknown {
  for (const node of nodes) {
    const value = coerce(node, text)
    if (Value.Check(node as TSchema, value)) return value
  }
  return text
}
