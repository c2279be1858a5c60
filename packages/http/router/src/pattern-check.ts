import isStarHeightSafe from 'safe-regex2'
import { RedosError } from './errors.ts'
import { paramsOf, parsePath } from './path.ts'
import type { RouteEntry } from './route-table.ts'
import { type FoundPattern, patternsIn } from './schema-walk.ts'

interface Found extends FoundPattern {
  /** Asked for its place only when there is something to say. */
  readonly declared: { readonly at: string }
}

/** Collects the regular expressions of routes, and judges them all when the routes are complete. */
export class PatternCheck {
  readonly #found: Found[] = []
  readonly #allowed: ReadonlySet<string>
  readonly #maxParamLength: number

  constructor({ allowed, maxParamLength }: { allowed: readonly string[]; maxParamLength: number }) {
    this.#allowed = new Set(allowed)
    this.#maxParamLength = maxParamLength
  }

  /** @throws {RedosError} for an expression in the path that the engine would refuse without saying where it is */
  collect(declared: RouteEntry): void {
    const { path, schema } = declared
    for (const { name, regex } of paramsOf(parsePath(path))) {
      if (regex === undefined || this.#allowed.has(regex)) continue
      if (!isStarHeightSafe(`(${regex})`)) throw new RedosError(regex, `the parameter '${name}' of ${path}`, declared.at)
      this.#found.push({ source: regex, place: `the parameter '${name}' of ${path}`, maxLength: this.#maxParamLength, declared })
    }
    for (const part of ['body', 'querystring', 'params', 'headers']) {
      for (const found of patternsIn(schema?.[part])) this.#found.push({ ...found, place: `${part}${found.place} of ${path}`, declared })
    }
  }

  /** Also a schema that is shared by `$ref` can be hostile. */
  collectShared(schemas: Readonly<Record<string, unknown>>): void {
    for (const [id, schema] of Object.entries(schemas)) {
      for (const found of patternsIn(schema))
        this.#found.push({ ...found, place: `${found.place} of the schema '${id}'`, declared: { at: 'shared schema' } })
    }
  }

  /**
   * The check is loaded only when there is something to check.
   * @throws {RedosError}
   */
  async run(): Promise<void> {
    const found = this.#found.filter(({ source }) => !this.#allowed.has(source))
    if (found.length === 0) return
    const { isPatternSafe } = await import('./redos.ts')
    for (const { source, maxLength, place, declared } of found) {
      if (!isPatternSafe(source, maxLength)) throw new RedosError(source, place, declared.at)
    }
  }
}
