import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import type { Mode } from '@covet/core'
import type { Report } from './report.ts'
import { closest } from './suggest.ts'
import type { VariableNames } from './variables.ts'

/** One place variables come from; a later one in a list wins. */
export interface Environment {
  readonly variables: Readonly<Record<string, string | undefined>>
  /** Where a variable of it stands, for a report. */
  locate(variable: string): string
}

export function processEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  return { variables, locate: (variable) => `${variable} in the environment` }
}

/** Tests must not depend on what one developer keeps in `.env.local`. */
export function dotenvFiles(mode: Mode): readonly string[] {
  return mode === 'test' ? ['.env', '.env.test'] : ['.env', '.env.local', `.env.${mode}`]
}

export function readDotenvFiles(root: string, mode: Mode, report: Report): readonly Environment[] {
  return dotenvFiles(mode).flatMap((file) => {
    const text = readIfThere(join(root, file), file, report)
    if (text === undefined) return []
    const variables = parseEnv(text)
    refuseMode(variables, mode, file, report)
    return [{ variables, locate: (variable: string) => `${variable} in ${file}:${lineOf(variable, text)}` }]
  })
}

/** A variable one slip of the finger away from a setting that nothing sets is a mistake, not somebody else's variable. */
export function reportMisspelt(dotenvs: readonly Environment[], all: readonly Environment[], names: VariableNames, report: Report): void {
  const known = new Set([...names.values()].flatMap(({ value, file }) => (file === undefined ? [value] : [value, file])))
  const unset = [...known].filter((name) => all.every(({ variables }) => variables[name] === undefined))
  for (const { variables, locate } of dotenvs) {
    for (const name of Object.keys(variables)) {
      const meant = known.has(name) ? undefined : closest(name, unset, 1)
      if (meant !== undefined) {
        report.add({
          fact: 'unknown',
          path: name,
          source: locate(name).replace(`${name} in `, ''),
          message: `is no setting. Did you mean ${meant}?`,
        })
      }
    }
  }
}

function readIfThere(path: string, file: string, report: Report): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT') report.add({ fact: 'unreadable', path: '', source: file, message: `cannot be read (${code}).` })
    return undefined
  }
}

/** The mode chooses which files are read, so a file cannot choose the mode: silently ignoring it would run production as development. */
function refuseMode(variables: Readonly<Record<string, string | undefined>>, mode: Mode, file: string, report: Report): void {
  const named = variables['NODE_ENV']
  if (named === undefined || named === mode) return
  report.add({
    fact: 'invalid',
    path: 'NODE_ENV',
    source: file,
    message: `is ${JSON.stringify(named)} but the mode is ${mode}. Set NODE_ENV in the process environment: it chooses the files.`,
  })
}

/** The last assignment is the one that counts. */
function lineOf(variable: string, text: string): number {
  const nameOf = (line: string): string | undefined => /^\s*(?:export\s+)?([^=]*?)\s*=/.exec(line)?.[1]
  return text.split('\n').findLastIndex((line) => nameOf(line) === variable) + 1
}
