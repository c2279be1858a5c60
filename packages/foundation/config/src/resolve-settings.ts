import type { Mode } from '@covet/core'
import { coerce, isSet } from './coerce.ts'
import type { Environment } from './dotenv.ts'
import type { Layer } from './files.ts'
import type { Report } from './report.ts'
import { additionalOf, containsSecret, propertiesOf, requiredOf, type SchemaNode } from './schema.ts'
import { readSecretFile, wrapSecrets } from './secrets.ts'
import { show } from './show.ts'
import { closest } from './suggest.ts'
import { refusals, refusalsOfWhole } from './validate.ts'
import type { VariableNames } from './variables.ts'

/** One setting and where its value comes from. */
export interface Origin {
  readonly path: string
  readonly source: string
  /** Short, and `[secret]` for a secret. */
  readonly value: string
}

export interface Resolution {
  readonly mode: Mode
  readonly variables: VariableNames
  /** The last one wins. */
  readonly environments: readonly Environment[]
  readonly report: Report
  readonly origins: Origin[]
}

/** `wrong`: reported already, so its absence is no second issue. */
type Outcome = { readonly status: 'found'; readonly value: unknown } | { readonly status: 'absent' | 'wrong' }

type Path = readonly string[]

const absent: Outcome = { status: 'absent' }
const wrong: Outcome = { status: 'wrong' }

/** Takes every setting from its strongest source and checks it. What is wrong goes to the report. */
export function resolveSettings(schema: SchemaNode, layers: readonly Layer[], resolution: Resolution): unknown {
  const outcome = resolveNode(schema, [], layers, resolution)
  return outcome.status === 'found' ? outcome.value : undefined
}

function resolveNode(node: SchemaNode, path: Path, layers: readonly Layer[], resolution: Resolution): Outcome {
  const withDefault = node.default === undefined ? layers : [{ source: 'schema default', value: defaultOf(node) }, ...layers]
  const properties = propertiesOf(node)
  return properties ? resolveObject(node, properties, path, withDefault, resolution) : resolveLeaf(node, path, withDefault, resolution)
}

function resolveObject(
  node: SchemaNode,
  properties: Readonly<Record<string, SchemaNode>>,
  path: Path,
  layers: readonly Layer[],
  resolution: Resolution,
): Outcome {
  const { report } = resolution
  const issuesBefore = report.size
  const objects = layers.filter((layer) => isPlainObject(layer.value) || refuseNonObject(node, path, layer, report))
  const required = requiredOf(node)
  const value: Record<string, unknown> = {}

  for (const [key, child] of Object.entries(properties)) {
    const childPath = [...path, key]
    const childLayers = objects.flatMap((layer) => memberLayers(layer, key))
    const isSkipped = !required.has(key) && propertiesOf(child) && childLayers.length === 0 && !isNamed(childPath, resolution)
    const outcome = isSkipped ? absent : resolveNode(child, childPath, childLayers, resolution)
    if (outcome.status === 'found') value[key] = outcome.value
    else if (outcome.status === 'absent' && required.has(key) && objects.length === layers.length)
      reportMissing(child, childPath, resolution)
  }
  resolveAdditional(node, properties, path, objects, value, resolution)

  if (report.size === issuesBefore) {
    for (const { message } of refusalsOfWhole(node, value)) report.add({ fact: 'invalid', path: path.join('.'), message: `${message}.` })
  }
  return report.size === issuesBefore ? { status: 'found', value } : wrong
}

function resolveLeaf(node: SchemaNode, path: Path, layers: readonly Layer[], resolution: Resolution): Outcome {
  const { report, origins, mode } = resolution
  const chosen = fromEnvironment(node, path, resolution) ?? layers.at(-1) ?? developmentSecret(node, mode)
  if (chosen === undefined) return absent
  if (chosen === 'unreadable') return wrong
  const { source, value } = chosen
  const isSecret = containsSecret(node)

  const refused = refusals(node, value)
  for (const { at, message } of refused) {
    const got = isSecret ? '' : `, got ${show(valueAt(value, at))}`
    report.add({ fact: 'invalid', path: [...path, ...at].join('.'), source, message: `${message}${got}.` })
  }
  if (refused.length > 0) return wrong
  if (mode === 'production' && node.development !== undefined && value === node.development) {
    report.add({
      fact: 'invalid',
      path: path.join('.'),
      source,
      message: 'is the development secret, which production refuses. Set one of your own.',
    })
    return wrong
  }
  origins.push({ path: path.join('.'), source, value: isSecret ? '[secret]' : show(value) })
  return { status: 'found', value: wrapSecrets(node, value) }
}

function fromEnvironment(node: SchemaNode, path: Path, { variables, environments, report }: Resolution): Layer | 'unreadable' | undefined {
  const names = variables.get(path.join('.'))
  if (!names) return undefined
  for (const { variables: values, locate } of environments.toReversed()) {
    const text = values[names.value]
    const file = names.file === undefined ? undefined : values[names.file]
    if (isSet(node, text)) return { source: locate(names.value), value: coerce(node, text) }
    if (names.file !== undefined && file) return fromSecretFile(file, locate(names.file), path, report)
  }
  return undefined
}

function fromSecretFile(file: string, source: string, path: Path, report: Report): Layer | 'unreadable' {
  try {
    return { source, value: readSecretFile(file) }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    report.add({ fact: 'unreadable', path: path.join('.'), source, message: `names a file that cannot be read (${code}).` })
    return 'unreadable'
  }
}

function developmentSecret({ development }: SchemaNode, mode: Mode): Layer | undefined {
  return development === undefined || mode === 'production' ? undefined : { source: 'development secret of the schema', value: development }
}

/** Keys that are no settings: refused, unless the schema has a place for them. */
function resolveAdditional(
  node: SchemaNode,
  properties: Readonly<Record<string, SchemaNode>>,
  path: Path,
  layers: readonly Layer[],
  value: Record<string, unknown>,
  resolution: Resolution,
): void {
  const additional = additionalOf(node)
  const unknown = new Map<string, Layer[]>()
  for (const layer of layers) {
    for (const key of Object.keys(layer.value as object)) {
      if (!Object.hasOwn(properties, key)) unknown.set(key, [...(unknown.get(key) ?? []), ...memberLayers(layer, key)])
    }
  }
  for (const [key, keyLayers] of unknown) {
    if (additional === false) reportUnknown(key, properties, path, keyLayers, resolution.report)
    else {
      const outcome = resolveLeaf(additional, [...path, key], keyLayers, resolution)
      if (outcome.status === 'found') defineOwn(value, key, outcome.value)
    }
  }
}

function reportUnknown(
  key: string,
  properties: Readonly<Record<string, SchemaNode>>,
  path: Path,
  layers: readonly Layer[],
  report: Report,
): void {
  const meant = closest(key, Object.keys(properties), Math.max(1, Math.floor(key.length / 3)))
  const hint = meant === undefined ? 'Remove it, or add it to the schema.' : `Did you mean ${[...path, meant].join('.')}?`
  for (const { source } of layers)
    report.add({ fact: 'unknown', path: [...path, key].join('.'), source, message: `is no setting. ${hint}` })
}

function reportMissing(node: SchemaNode, path: Path, { variables, mode, report }: Resolution): void {
  const name = path.join('.')
  const variable = variables.get(name)?.value
  const place = variable === undefined ? `${name} in a file` : `${variable} in the environment, or ${name} in a file`
  const reason = node.development !== undefined && mode === 'production' ? ' (production refuses the development secret)' : ''
  report.add({ fact: 'missing', path: name, message: `is missing${reason}. Set ${place}.` })
}

/** @returns false, so that it filters the layer away */
function refuseNonObject(node: SchemaNode, path: Path, { source, value }: Layer, report: Report): false {
  const got = containsSecret(node) ? '' : `, got ${show(value)}`
  report.add({ fact: 'invalid', path: path.join('.'), source, message: `must be an object${got}.` })
  return false
}

function isNamed(path: Path, { variables, environments }: Resolution): boolean {
  const prefix = `${path.join('.')}.`
  return [...variables].some(
    ([name, { value, file = value }]) =>
      name.startsWith(prefix) && environments.some(({ variables: values }) => values[value] !== undefined || values[file] !== undefined),
  )
}

function memberLayers({ source, value }: Layer, key: string): readonly Layer[] {
  const object = value as Readonly<Record<string, unknown>>
  return Object.hasOwn(object, key) && object[key] !== undefined ? [{ source, value: object[key] }] : []
}

function defaultOf({ default: value }: SchemaNode): unknown {
  return typeof value === 'function' ? (value as () => unknown)() : structuredClone(value)
}

function isPlainObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function valueAt(value: unknown, at: Path): unknown {
  return at.reduce<unknown>(
    (current, key) => (typeof current === 'object' && current !== null ? (current as Record<string, unknown>)[key] : undefined),
    value,
  )
}

/** A file may hold the key `__proto__`; assigning it would change the object's prototype. */
function defineOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true })
}
