const shown = '[secret]'

/**
 * A value that never prints or serialises: string conversion and JSON, and so every log line, show `[secret]`;
 * `util.inspect` shows nothing of a private field. Only `reveal()` gives it out.
 */
export class Secret<T = string> {
  readonly #value: T

  constructor(value: T) {
    this.#value = value
  }

  reveal(): T {
    return this.#value
  }

  toString(): string {
    return shown
  }

  toJSON(): string {
    return shown
  }

  [Symbol.toPrimitive](): string {
    return shown
  }
}
