const headEnd = '\r\n\r\n'
const lastChunk = '0\r\n\r\n'

/** Finds where one HTTP/1.1 answer ends: by content-length, by the last chunk, or after the head when it has no body. */
export class AnswerReader {
  #text = ''

  /** The answer's status once it is complete, undefined until then. */
  push(chunk: Buffer): number | undefined {
    this.#text += chunk.toString('latin1')
    const head = this.#text.indexOf(headEnd)
    if (head === -1 || !this.#isComplete(head)) return undefined
    const status = Number(this.#text.slice(9, 12))
    this.#text = ''
    return status
  }

  #isComplete(head: number): boolean {
    const length = /\r\ncontent-length: *(\d+)/i.exec(this.#text)
    if (length && length.index < head) return this.#text.length >= head + headEnd.length + Number(length[1])
    const chunked = /\r\ntransfer-encoding: *chunked/i.exec(this.#text)
    if (chunked && chunked.index < head) return this.#text.endsWith(lastChunk)
    return true
  }
}
