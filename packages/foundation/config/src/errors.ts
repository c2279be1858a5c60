import { CovetError } from '@covet/core'

/** `missing`: no source has it. `invalid`: the schema refuses it. `unknown`: no such setting. `unreadable`: the source itself. */
export type ConfigFact = 'missing' | 'invalid' | 'unknown' | 'unreadable'

export interface ConfigIssue {
  readonly fact: ConfigFact
  /** The setting, such as `database.file`; empty when the issue is a whole source's. */
  readonly path: string
  /** Where the value came from, such as `PORT in .env:3` or `config/default.json`. */
  readonly source?: string
  /** What is expected; never a secret. */
  readonly message: string
}

/** EX_CONFIG of sysexits: what a process that cannot boot for its configuration exits with. */
const exitCode = 78

/** Settings are missing or wrong. Says all of them, each with its source. */
export class ConfigInvalidError extends CovetError {
  readonly exitCode: number = exitCode
  readonly issues: readonly ConfigIssue[]

  constructor(issues: readonly ConfigIssue[]) {
    const lines = issues.map(({ path, source, message }) => `  ${[path, source && `(${source})`].filter(Boolean).join(' ')}: ${message}`)
    super('config/invalid', `The configuration has ${issues.length} ${issues.length === 1 ? 'error' : 'errors'}:\n${lines.join('\n')}`)
    this.issues = issues
  }
}

/** Two settings are read from one environment variable. */
export class AmbiguousVariableError extends CovetError {
  readonly exitCode: number = exitCode

  constructor(clashes: ReadonlyMap<string, readonly string[]>) {
    const lines = [...clashes].map(([variable, paths]) => `  ${variable} means ${paths.join(' and ')}`)
    super(
      'config/ambiguous-variable',
      `An environment variable must mean one setting. Give one of them a name in the schema, { env: 'NAME' }:\n${lines.join('\n')}`,
    )
  }
}

/** The schema is not an object of named settings, or refers to another schema with `$ref`. */
export class ConfigSchemaError extends CovetError {
  readonly exitCode: number = exitCode

  constructor(path: string, fact: string) {
    super('config/unsupported-schema', `${path || 'The schema'} ${fact}`)
  }
}
