import type { Token } from './tokens.ts'

/** Not an expression that is understood; it stays as it was written. */
export class NotUnderstood extends Error {}

/** A place in a list of tokens. */
export class Cursor {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  get token(): Token | undefined {
    return this.#tokens[this.#at]
  }

  get position(): number {
    return this.#at
  }

  peek(distance = 1): Token | undefined {
    return this.#tokens[this.#at + distance]
  }

  next(): Token {
    const { token } = this
    if (!token) throw new NotUnderstood('the expression ends early')
    this.#at += 1
    return token
  }

  back(position: number): void {
    this.#at = position
  }

  isWord(text: string): boolean {
    return this.token?.kind === 'word' && this.token.text === text
  }

  isSymbol(text: string): boolean {
    return this.token?.kind === 'symbol' && this.token.text === text
  }

  /** Takes the words if they all stand here. */
  takeWords(...words: readonly string[]): boolean {
    const here = words.every((word, index) => {
      const token = this.peek(index)
      return token?.kind === 'word' && token.text === word
    })
    if (here) this.#at += words.length
    return here
  }

  takeSymbol(text: string): boolean {
    if (!this.isSymbol(text)) return false
    this.#at += 1
    return true
  }

  expectSymbol(text: string): void {
    if (!this.takeSymbol(text)) throw new NotUnderstood(`expected ${text}`)
  }

  expectWord(text: string): void {
    if (!this.takeWords(text)) throw new NotUnderstood(`expected ${text}`)
  }

  /** The tokens between a parenthesis that opens here and the one that closes it, both taken. */
  takeGroup(): readonly Token[] {
    this.expectSymbol('(')
    const from = this.#at
    for (let depth = 1; depth > 0;) {
      const { text, kind } = this.next()
      if (kind !== 'symbol') continue
      if (text === '(') depth += 1
      else if (text === ')') depth -= 1
    }
    return this.#tokens.slice(from, this.#at - 1)
  }
}
