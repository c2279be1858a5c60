const longest = 60

/** A value for a report: short, and without the password of a URL. */
export function show(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'an object'
  if (typeof value !== 'string') return String(value)
  const masked = value.replaceAll(/\/\/[^/\s]*@/g, '//[hidden]@')
  return JSON.stringify(masked.length > longest ? `${masked.slice(0, longest)}…` : masked)
}
