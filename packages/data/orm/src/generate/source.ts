/** A string as TypeScript source. */
export function quoted(text: string): string {
  const json = withoutLineEnds(JSON.stringify(text))
  if (text.includes("'") && !text.includes('"')) return json
  return `'${json.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}

/** Two characters of JSON end a line to some readers of source. */
export function withoutLineEnds(json: string): string {
  return json.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
}

export function list(texts: readonly string[]): string {
  return `[${texts.map(quoted).join(', ')}]`
}

/** A property's name in an object literal. */
export function propertyName(name: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? name : quoted(name)
}

/** One line of comment, whatever is in it. */
export function comment(text: string): string {
  return `// ${text.replaceAll(/[\s\u0085]+/g, ' ').trim()}`
}
