const maxDepth = 32

/** A JSON object without duplicate members, `__proto__` or deep nesting; `undefined` for anything else. */
export function parseStrictObject(text: string): Record<string, unknown> | undefined {
  const value = parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const members = countMembers(value, 1)
  if (members === undefined || members !== countWrittenMembers(text, members)) return undefined
  return value as Record<string, unknown>
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Members of the value and all within; `undefined` when it is too deep or has a `__proto__`. */
function countMembers(value: object, depth: number): number | undefined {
  if (depth > maxDepth) return undefined
  let count = 0
  // A plain loop, not Object.values: this runs for every token. An inherited member would count too, and so refuse the text.
  for (const name in value) {
    if (name === '__proto__') return undefined
    const child = (value as Record<string, unknown>)[name]
    const within = typeof child === 'object' && child !== null ? countMembers(child, depth + 1) : 0
    if (within === undefined) return undefined
    count += within + 1
  }
  return Array.isArray(value) ? count - value.length : count
}

/**
 * A duplicate is written twice and parsed once, so the two counts differ. In valid JSON each member has one colon
 * outside the strings; when all colons together are as many as the members, no string needs to be looked at.
 */
function countWrittenMembers(text: string, parsed: number): number {
  return countColons(text) === parsed ? parsed : countColons(text.replace(/"(?:[^"\\]|\\.)*"/g, ''))
}

function countColons(text: string): number {
  let count = 0
  for (let at = text.indexOf(':'); at !== -1; at = text.indexOf(':', at + 1)) count++
  return count
}
