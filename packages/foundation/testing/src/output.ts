import type { Readable } from 'node:stream'

type LineListener = (line: string) => void

const longestOutput = 1_048_576

/** What a process writes: the last of it, and each line as it comes. */
export class Output {
  #text = ''
  #partial = ''
  readonly #listeners = new Set<LineListener>()

  get text(): string {
    return this.#text
  }

  read(stream: Readable): void {
    stream.setEncoding('utf8')
    stream.on('data', (piece: string) => this.#take(piece))
    stream.on('end', () => this.#flush())
  }

  /** @returns stops listening */
  onLine(listener: LineListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #take(piece: string): void {
    this.#text = (this.#text + piece).slice(-longestOutput)
    const lines = (this.#partial + piece).split('\n')
    this.#partial = lines.pop() ?? ''
    for (const line of lines) this.#emit(line)
  }

  #flush(): void {
    if (this.#partial !== '') this.#emit(this.#partial)
    this.#partial = ''
  }

  #emit(line: string): void {
    for (const listener of [...this.#listeners]) listener(line)
  }
}
