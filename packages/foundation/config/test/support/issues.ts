import { type ConfigInvalidError, type ConfigIssue, errors, loadConfig, type LoadConfigOptions } from '@covet/config'
import type { TSchema } from 'typebox'

/** The error that loading ends in. */
export async function failureOf<S extends TSchema>(options: LoadConfigOptions<S>): Promise<ConfigInvalidError> {
  const outcome: unknown = await loadConfig(options).catch((error: unknown) => error)
  if (outcome instanceof errors.ConfigInvalidError) return outcome
  throw new Error('The configuration was expected to be refused.', { cause: outcome })
}

export async function issuesOf<S extends TSchema>(options: LoadConfigOptions<S>): Promise<readonly ConfigIssue[]> {
  return (await failureOf(options)).issues
}
