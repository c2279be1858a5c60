import { ConfigInvalidError, type ConfigIssue } from './errors.ts'

/** Collects everything that is wrong, so that it is said at once. */
export class Report {
  readonly #issues: ConfigIssue[] = []

  get size(): number {
    return this.#issues.length
  }

  add(issue: ConfigIssue): void {
    this.#issues.push(issue)
  }

  /** @throws {ConfigInvalidError} when there is an issue */
  throwIfAny(): void {
    if (this.#issues.length > 0) throw new ConfigInvalidError(this.#issues)
  }
}
