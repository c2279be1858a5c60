/** One thing that is wrong: where, and what to do about it. */
export interface Finding {
  readonly where: string
  readonly what: string
}

export interface Outcome {
  readonly findings: readonly Finding[]
  /** Lines worth reading when all is well: counts, tables. */
  readonly notes?: readonly string[]
}

/** Prints an outcome and sets the exit code: 0 when nothing was found. */
export function report(check: string, { findings, notes = [] }: Outcome): void {
  for (const note of notes) console.log(note)
  for (const { where, what } of findings) console.error(`✗ ${where}: ${what}`)
  if (findings.length === 0) {
    console.log(`✓ ${check}`)
    return
  }
  console.error(`✗ ${check}: ${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`)
  process.exitCode = 1
}

/** Whether the command line asked for the generated parts to be rewritten. */
export const wantsWrite = (): boolean => process.argv.includes('--write')

/** The package after `--only`. */
export function wantedPackage(): string | undefined {
  const index = process.argv.indexOf('--only')
  return index === -1 ? undefined : process.argv[index + 1]
}
