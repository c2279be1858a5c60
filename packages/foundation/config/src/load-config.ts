import { Secret } from '@covet/core'
import type { TSchema } from 'typebox'
import { processEnvironment, readDotenvFiles, reportMisspelt } from './dotenv.ts'
import { readFiles } from './files.ts'
import { type LoadConfigOptions, resolveLoadConfigOptions } from './options.ts'
import { Report } from './report.ts'
import { type Origin, resolveSettings } from './resolve-settings.ts'
import type { SchemaNode, Settings } from './schema.ts'
import { nameVariables } from './variables.ts'

const originsOf = new WeakMap<object, readonly Origin[]>()

/**
 * Reads every setting of the schema from its strongest source: schema default < files, in order < `.env` < `.env.local`
 * < `.env.<mode>` < environment. Text from variables is converted to the schema's type, values from files are not.
 * @returns the settings, frozen
 * @throws {ConfigInvalidError} with everything that is missing, wrong, unknown or unreadable
 * @throws {AmbiguousVariableError} when one variable would mean two settings
 * @throws {ConfigSchemaError} when the schema is not an object of settings
 */
export async function loadConfig<S extends TSchema>(options: LoadConfigOptions<S>): Promise<Settings<S>> {
  const { schema, files, root, dotenv, env, prefix, mode } = resolveLoadConfigOptions(options)
  const node = schema as SchemaNode
  const report = new Report()
  const origins: Origin[] = []

  const variables = nameVariables(node, prefix)
  const dotenvs = dotenv ? readDotenvFiles(root, mode, report) : []
  const environments = [...dotenvs, processEnvironment(env)]
  reportMisspelt(dotenvs, environments, variables, report)
  const layers = await readFiles(files, root, { mode }, report)
  const settings = resolveSettings(node, layers, { mode, variables, environments, report, origins })
  report.throwIfAny()

  const frozen = deepFreeze(settings as object)
  originsOf.set(frozen, origins)
  return frozen as Settings<S>
}

/** Which source each setting came from; empty for an object that `loadConfig` did not return. */
export function explainConfig(settings: object): readonly Origin[] {
  return originsOf.get(settings) ?? []
}

/** Plain objects and lists: a class instance from a configuration module keeps working. */
function deepFreeze<T>(value: T): T {
  const isPlain = Array.isArray(value) || (typeof value === 'object' && value !== null && isPlainPrototype(value))
  if (!isPlain || value instanceof Secret) return value
  for (const member of Object.values(value as object)) deepFreeze(member)
  return Object.freeze(value)
}

function isPlainPrototype(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
