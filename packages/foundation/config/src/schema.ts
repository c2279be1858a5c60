import type { Duration, Secret, Size } from '@covet/core'
import Type, { type Static, type TSchema, type TSchemaOptions, type TUnsafe } from 'typebox'

/** What this package reads of a JSON schema; TypeBox schemas are JSON schemas. */
export interface SchemaNode {
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | SchemaNode
  readonly patternProperties?: Readonly<Record<string, SchemaNode>>
  readonly items?: SchemaNode | readonly SchemaNode[]
  readonly anyOf?: readonly SchemaNode[]
  readonly allOf?: readonly SchemaNode[]
  readonly enum?: readonly unknown[]
  readonly const?: string | number | bigint | boolean | null
  readonly default?: unknown
  readonly env?: string | false
  readonly secret?: boolean
  readonly development?: string
  readonly expected?: string
}

/** The settings a schema describes, deeply readonly; a `secret()` is a `Secret`. */
export type Settings<S extends TSchema> = Frozen<Static<S>>

type Frozen<T> = T extends Secret | ((...parameters: never[]) => unknown)
  ? T
  : T extends readonly unknown[]
    ? { readonly [K in keyof T]: Frozen<T[K]> }
    : T extends object
      ? { readonly [K in keyof T]: Frozen<T[K]> }
      : T

export interface SecretOptions {
  /** Fewest characters. A signing key wants 32 or more. @default 1 */
  minLength?: number
  /** A regular expression the whole value matches. */
  pattern?: string
  /** Used where nothing else is set, in development and test. Production refuses it, also when it is set on purpose. */
  development?: string
  /** The environment variable, instead of the one made from the path; `false`: none. */
  env?: string | false
  description?: string
}

/**
 * A string that is a `Secret` in the settings: it never prints, serialises or shows in a report. It is also read from
 * the file that `<NAME>_FILE` names, as containers mount secrets.
 */
export function secret({ minLength = 1, ...options }: SecretOptions = {}): TUnsafe<Secret> {
  return Type.Unsafe<Secret>({ type: 'string', minLength, secret: true, ...options })
}

const durationPattern = '^\\d+(\\.\\d+)?(ms|s|m|h|d)$'
const sizePattern = '^\\d+(\\.\\d+)?(B|KB|MB|GB)$'

/** A duration: milliseconds, or `'250ms'`, `'5s'`, `'2m'`, `'1h'`, `'30d'`. */
export function duration(options: TSchemaOptions & { default?: Duration } = {}): TUnsafe<Duration> {
  return Type.Unsafe<Duration>({
    anyOf: [
      { type: 'number', minimum: 0 },
      { type: 'string', pattern: durationPattern },
    ],
    expected: 'milliseconds or a duration such as "5s"',
    ...options,
  })
}

/** A size: bytes, or `'64KB'`, `'1MB'`. */
export function size(options: TSchemaOptions & { default?: Size } = {}): TUnsafe<Size> {
  return Type.Unsafe<Size>({
    anyOf: [
      { type: 'integer', minimum: 0 },
      { type: 'string', pattern: sizePattern },
    ],
    expected: 'bytes or a size such as "1MB"',
    ...options,
  })
}

/** The children of an object of named settings; `undefined` for a leaf, which one source gives whole. */
export function propertiesOf(node: SchemaNode): Readonly<Record<string, SchemaNode>> | undefined {
  if (node.allOf) {
    const members = node.allOf.map(propertiesOf)
    return members.every((member) => member !== undefined)
      ? (Object.assign({}, ...members) as Readonly<Record<string, SchemaNode>>)
      : undefined
  }
  return node.patternProperties ? undefined : node.properties
}

export function requiredOf(node: SchemaNode): ReadonlySet<string> {
  return new Set([...(node.required ?? []), ...(node.allOf ?? []).flatMap((member) => [...requiredOf(member)])])
}

/** What a key that is not a named setting may hold: `false`, nothing. */
export function additionalOf(node: SchemaNode): SchemaNode | false {
  const { additionalProperties = false } = node
  return additionalProperties === true ? {} : additionalProperties
}

export function containsSecret(node: SchemaNode): boolean {
  return node.secret === true || childrenOf(node).some(containsSecret)
}

function childrenOf(node: SchemaNode): readonly SchemaNode[] {
  return [
    ...Object.values(node.properties ?? {}),
    ...Object.values(node.patternProperties ?? {}),
    ...(typeof node.additionalProperties === 'object' ? [node.additionalProperties] : []),
    ...[node.items ?? []].flat(),
    ...(node.anyOf ?? []),
    ...(node.allOf ?? []),
  ]
}

/** Of a list or tuple: what its item at `index` must be. */
export function itemOf({ items = {} }: SchemaNode, index: number): SchemaNode {
  return isTuple(items) ? (items[index] ?? {}) : items
}

function isTuple(items: SchemaNode | readonly SchemaNode[]): items is readonly SchemaNode[] {
  return Array.isArray(items)
}
