/** A regular expression found in a schema. */
export interface FoundPattern {
  readonly source: string
  /** JSON Pointer to it within the schema. */
  readonly place: string
  /** The longest text it is run on, as far as the schema says. */
  readonly maxLength: number
}

/** Every `pattern` and every key of `patternProperties` in a schema. */
export function* patternsIn(schema: unknown, place = ''): Generator<FoundPattern> {
  if (typeof schema !== 'object' || schema === null) return
  for (const [keyword, value] of Object.entries(schema as Readonly<Record<string, unknown>>)) {
    const at = `${place}/${keyword}`
    if (keyword === 'pattern' && typeof value === 'string') {
      const limit = (schema as { maxLength?: unknown }).maxLength
      yield { source: value, place: at, maxLength: typeof limit === 'number' ? limit : Infinity }
    } else if (keyword === 'patternProperties' && typeof value === 'object' && value !== null) {
      for (const source of Object.keys(value)) yield { source, place: at, maxLength: Infinity }
    }
    if (!holdsValues.has(keyword)) yield* patternsIn(value, at)
  }
}

/** Keywords whose values are data, not schemas. */
const holdsValues = new Set(['enum', 'const', 'default', 'examples'])
