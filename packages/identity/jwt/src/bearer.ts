/**
 * The token in an Authorization header (RFC 9110 §11.6.2), or `undefined` when there is none of that scheme.
 * The scheme's case does not matter. The token itself is checked by `verify`.
 */
export function bearerToken(header: string | undefined, scheme: string | readonly string[] = 'Bearer'): string | undefined {
  if (header === undefined) return undefined
  const space = header.indexOf(' ')
  if (space === -1 || !isScheme(header.slice(0, space), scheme)) return undefined
  return header.slice(space + 1).trim() || undefined
}

function isScheme(word: string, scheme: string | readonly string[]): boolean {
  const expected = typeof scheme === 'string' ? [scheme] : scheme
  return expected.some((one) => one.toLowerCase() === word.toLowerCase())
}
