/** What the command line asks for; undefined when it asked for help or for what there is not, which has been said then. */
export function readOptions<T>(parse: (args: readonly string[]) => T | undefined, usage: string): T | undefined {
  try {
    const chosen = parse(process.argv.slice(2).filter((arg) => arg !== '--'))
    if (chosen === undefined) say(usage)
    return chosen
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}\n`)
    process.exitCode = 2
    return undefined
  }
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** A whole number from 1 to `most`. */
export function count(name: string, value: string, most: number = Number.MAX_SAFE_INTEGER): number {
  const number = Number(value)
  if (Number.isSafeInteger(number) && number >= 1 && number <= most) return number
  const range = most === Number.MAX_SAFE_INTEGER ? 'above 0' : `from 1 to ${most}`
  throw new Error(`--${name} takes a whole number ${range}, not '${value}'.`)
}

/** Names between commas, each of which is known; `byDefault` when nothing is given. */
export function list<T extends string>(value: string | undefined, known: readonly T[], byDefault: readonly T[] = known): readonly T[] {
  if (value === undefined) return byDefault
  return value.split(',').map((part) => {
    const found = known.find((name) => name === part.trim())
    if (found === undefined) throw new Error(`'${part.trim()}' is none of: ${known.join(', ')}.`)
    return found
  })
}
