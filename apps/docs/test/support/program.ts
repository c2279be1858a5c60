import type { Line } from './page.ts'

/** Behind the statement, or on a line of its own below it. */
const expected = /^(?:(.*\S)\s+)?\/\/ (->|throws) (.+)$/
const continued = /^\/\/ {4,}(\S.*)$/
/** How a statement does not begin: indented, or with what closes or continues the one before. */
const inside = /^(?:\s|[)\]}.?:|&+]|$)/

export interface Program {
  readonly text: string
  /** How many expectations it has. */
  readonly expectations: number
}

/** The program as the page has it, to be type-checked. */
export function plainProgram(lines: readonly Line[]): string {
  return `${lines.map(({ text }) => text).join('\n')}\nexport {}\n`
}

/**
 * The same with its expectations as calls.
 * @param page for messages: `queries.md`
 * @param expectation where the functions they call are
 */
export function checkedProgram(lines: readonly Line[], page: string, expectation: string): Program {
  const out: string[] = []
  let expectations = 0
  for (let index = 0; index < lines.length; index += 1) {
    const { text, at } = lines[index] as Line
    const [, before, how, first = ''] = expected.exec(text) ?? []
    if (how === undefined) {
      out.push(text)
      continue
    }
    let value = first
    for (let next = lines[index + 1]; next && continued.test(next.text); next = lines[index + 1]) {
      value += `\n${continued.exec(next.text)?.[1] ?? ''}`
      index += 1
    }
    expectations += 1
    const where = `${page}:${at}`
    const last = before ?? out.pop() ?? ''
    const statement = [...statementBefore(out, last, where), last].join('\n')
    out.push(how === 'throws' ? throwing(statement, value, where) : giving(statement, value, where))
  }
  return { text: `import { _, done, gives, throws } from '${expectation}'\n${out.join('\n')}\ndone()\n`, expectations }
}

/** Takes the lines of the statement that ends with `last` off the program. */
function statementBefore(out: string[], last: string, where: string): readonly string[] {
  if (!inside.test(last)) return []
  for (let start = out.length - 1; start >= 0; start -= 1) {
    if (!inside.test(out[start] ?? '')) return out.splice(start)
  }
  throw new Error(`${where}: an expectation stands behind no statement of the page's own level.`)
}

function giving(statement: string, value: string, where: string): string {
  const [, name] = /^const (\w+)\b/.exec(statement) ?? []
  if (name === undefined) return `await gives('${where}', async () => (${statement}), () => (${value}))`
  return `${statement}\nawait gives('${where}', async () => ${name}, () => (${value}))`
}

function throwing(statement: string, name: string, where: string): string {
  return `await throws('${where}', async () => (${statement}), '${name.trim()}')`
}
