import { AmbiguousVariableError, ConfigSchemaError } from './errors.ts'
import { propertiesOf, type SchemaNode } from './schema.ts'

/** The environment variables of each setting, by its path. */
export type VariableNames = ReadonlyMap<string, SettingVariables>

export interface SettingVariables {
  readonly value: string
  /** Of a secret: names a file that holds it. */
  readonly file?: string
}

/**
 * `database.maxReaders` is read from `DATABASE_MAX_READERS`: parts joined by one underscore, words split where a capital
 * starts one.
 */
export function variableName(path: readonly string[], prefix = ''): string {
  return prefix + path.map(toUpperSnake).join('_')
}

/**
 * @throws {AmbiguousVariableError} when two settings would be read from one variable
 * @throws {ConfigSchemaError}
 */
export function nameVariables(schema: SchemaNode, prefix: string): VariableNames {
  if (!propertiesOf(schema)) throw new ConfigSchemaError('', 'must be an object of named settings: Type.Object({ … }).')
  const names = new Map<string, SettingVariables>()
  for (const [path, node] of leavesOf(schema)) {
    if (node.env === false) continue
    const value = node.env ?? variableName(path, prefix)
    names.set(path.join('.'), { value, ...(node.secret && { file: `${value}_FILE` }) })
  }
  refuseClashes(names)
  return names
}

function* leavesOf(node: SchemaNode, path: readonly string[] = []): Generator<readonly [readonly string[], SchemaNode]> {
  if ('$ref' in node) throw new ConfigSchemaError(path.join('.'), 'uses $ref, which settings cannot: write the schema in place.')
  const properties = propertiesOf(node)
  if (!properties) {
    yield [path, node]
    return
  }
  for (const [key, child] of Object.entries(properties)) yield* leavesOf(child, [...path, key])
}

function refuseClashes(names: VariableNames): void {
  const paths = new Map<string, string[]>()
  for (const [path, { value, file }] of names) {
    for (const variable of file === undefined ? [value] : [value, file]) {
      const known = paths.get(variable)
      if (known) known.push(path)
      else paths.set(variable, [path])
    }
  }
  const clashes = new Map([...paths].filter(([, meanings]) => meanings.length > 1))
  if (clashes.size > 0) throw new AmbiguousVariableError(clashes)
}

function toUpperSnake(key: string): string {
  return key
    .replaceAll(/([\da-z])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .replaceAll(/[^\dA-Za-z]+/g, '_')
    .toUpperCase()
}
