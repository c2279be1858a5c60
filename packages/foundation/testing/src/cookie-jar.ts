/** The cookies one visitor keeps, by name. Paths and domains are not told apart: a test client talks to one server. */
export class CookieJar {
  readonly #cookies = new Map<string, string>()

  get(name: string): string | undefined {
    return this.#cookies.get(name)
  }

  set(name: string, value: string): void {
    this.#cookies.set(name, value)
  }

  delete(name: string): void {
    this.#cookies.delete(name)
  }

  clear(): void {
    this.#cookies.clear()
  }

  /** The `Cookie` header; `undefined` when there is none to send. */
  header(): string | undefined {
    if (this.#cookies.size === 0) return undefined
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  /** Takes `Set-Cookie` headers in; an expired one is forgotten. */
  store(headers: readonly string[], now: number = Date.now()): void {
    for (const header of headers) {
      const [pair = '', ...attributes] = header.split(';')
      const at = pair.indexOf('=')
      const name = pair.slice(0, at).trim()
      if (at < 1) continue
      if (isExpired(attributes, now)) this.#cookies.delete(name)
      else this.#cookies.set(name, pair.slice(at + 1).trim())
    }
  }
}

/** Max-Age wins over Expires (RFC 6265 §5.3). */
function isExpired(attributes: readonly string[], now: number): boolean {
  const values = new Map(
    attributes.map((attribute) => [attribute.split('=')[0]?.trim().toLowerCase(), attribute.slice(attribute.indexOf('=') + 1).trim()]),
  )
  const maxAge = values.get('max-age')
  if (maxAge !== undefined) return Number(maxAge) <= 0
  const expires = values.get('expires')
  return expires !== undefined && Date.parse(expires) <= now
}
