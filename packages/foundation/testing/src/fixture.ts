import { FixtureCycleError } from './errors.ts'

/** What a fixture is made with. */
export interface Fixtures {
  /** The one value of a fixture in this scope. */
  use<T>(fixture: Fixture<T>): Promise<T>
  /** Runs when the scope is disposed of, before what was made earlier is. */
  defer(action: () => void | Promise<void>): void
}

/** Something a test needs, made when it is first used in a scope. */
export interface Fixture<T> {
  readonly create: (scope: Fixtures) => T | Promise<T>
  readonly dispose: ((value: T) => unknown) | undefined
}

export interface FixtureOptions<T> {
  /** @default its `Symbol.asyncDispose`, `Symbol.dispose` or `close()`, where it has one */
  dispose?: (value: T) => unknown
}

/**
 * Describes something a test needs, in terms of others:
 * `const users = fixture(async (scope) => createUsers(await scope.use(database)))`.
 */
export function fixture<T>(create: (scope: Fixtures) => T | Promise<T>, { dispose }: FixtureOptions<T> = {}): Fixture<T> {
  return { create, dispose }
}

/**
 * Makes each fixture once and disposes of all of them, last first: `await using scope = new FixtureScope()` in a test, or
 * one for a file that starts afresh for each test, `afterEach(() => scope.dispose())`.
 */
export class FixtureScope implements Fixtures, AsyncDisposable {
  readonly #values = new Map<object, Promise<unknown>>()
  #stack = new AsyncDisposableStack()

  /** @throws {FixtureCycleError} when it needs itself */
  use<T>(fixture: Fixture<T>): Promise<T> {
    return this.#useFrom(fixture, new Set())
  }

  defer(action: () => void | Promise<void>): void {
    this.#stack.defer(action)
  }

  /** Afterwards the scope can be used again. Every disposal is tried; failures are thrown together. */
  async dispose(): Promise<void> {
    const stack = this.#stack
    await Promise.allSettled(this.#values.values())
    this.#stack = new AsyncDisposableStack()
    this.#values.clear()
    await stack.disposeAsync()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose()
  }

  #useFrom<T>(fixture: Fixture<T>, ancestors: ReadonlySet<object>): Promise<T> {
    if (ancestors.has(fixture)) return Promise.reject(new FixtureCycleError())
    const existing = this.#values.get(fixture)
    if (existing) return existing as Promise<T>
    const value = this.#create(fixture, new Set([...ancestors, fixture]))
    this.#values.set(fixture, value)
    return value
  }

  async #create<T>(fixture: Fixture<T>, ancestors: ReadonlySet<object>): Promise<T> {
    const value = await fixture.create({
      use: (needed) => this.#useFrom(needed, ancestors),
      defer: (action) => this.defer(action),
    })
    this.defer(async () => void (await disposerOf(fixture, value)()))
    return value
  }
}

function disposerOf<T>({ dispose }: Fixture<T>, value: T): () => unknown {
  if (dispose) return () => dispose(value)
  if (typeof value !== 'object' || value === null) return () => undefined
  if (Symbol.asyncDispose in value) return () => (value as AsyncDisposable)[Symbol.asyncDispose]()
  if (Symbol.dispose in value) return () => (value as Disposable)[Symbol.dispose]()
  return 'close' in value && typeof value.close === 'function' ? () => (value as { close(): unknown }).close() : () => undefined
}
