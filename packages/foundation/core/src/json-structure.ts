import { DuplicateMemberError, JsonLimitError } from './http-errors.ts'

/** The shortest member of an object, `"":1,`, has five characters. */
const shortestMember = 5

/**
 * Holds a parsed body to its limits. The text tells cheaply that most bodies cannot exceed them; only the others are walked.
 * @throws {JsonLimitError}
 */
export function checkStructure(text: string, value: unknown, limits: { depth: number; members: number }): void {
  if (text.length < limits.members * shortestMember && !hasMoreThan(text, limits.depth)) return
  walk(value, limits)
}

/** Whether the text opens more than `limit` arrays and objects (or has as many such characters in strings). */
function hasMoreThan(text: string, limit: number): boolean {
  let openers = 0
  for (const opener of ['{', '[']) {
    for (let at = text.indexOf(opener); at !== -1; at = text.indexOf(opener, at + 1)) {
      if (++openers > limit) return true
    }
  }
  return false
}

function walk(root: unknown, { depth, members }: { depth: number; members: number }): void {
  let level: object[] = isNested(root) ? [root] : []
  for (let deep = 1; level.length > 0; deep++) {
    if (deep > depth) throw new JsonLimitError(`The JSON body may nest at most ${depth} levels deep.`)
    const next: object[] = []
    for (const node of level) {
      const values: unknown[] = Array.isArray(node) ? node : Object.values(node)
      if (!Array.isArray(node) && values.length > members) {
        throw new JsonLimitError(`An object in the JSON body may have at most ${members} members.`)
      }
      for (const value of values) if (isNested(value)) next.push(value)
    }
    level = next
  }
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/**
 * Refuses an object with one member name twice (RFC 8259 §4 leaves its meaning open). Expects text that JSON.parse took.
 * @throws {DuplicateMemberError}
 */
export function refuseDuplicateMembers(text: string): void {
  const names: (Set<string> | undefined)[] = []
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '{') names.push(new Set())
    else if (character === '[') names.push(undefined)
    else if (character === '}' || character === ']') names.pop()
    else if (character === '"') {
      const end = endOfString(text, at)
      const members = names.at(-1)
      if (members && isName(text, end)) {
        const name = JSON.parse(text.slice(at, end + 1)) as string
        if (members.has(name)) throw new DuplicateMemberError()
        members.add(name)
      }
      at = end
    }
  }
}

function endOfString(text: string, start: number): number {
  let at = start + 1
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}

/** A string followed by a colon is a member's name. */
function isName(text: string, end: number): boolean {
  let at = end + 1
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++
  return text[at] === ':'
}
