import { describe, expect, it } from '@jest/globals'
import { AnswerReader } from '../src/load/answer-reader.ts'

function statuses(...chunks: string[]): (number | undefined)[] {
  const reader = new AnswerReader()
  return chunks.map((chunk) => reader.push(Buffer.from(chunk, 'latin1')))
}

describe('the reader of answers', () => {
  it('waits for the whole body when a length is given', () => {
    expect(statuses('HTTP/1.1 200 OK\r\nContent-Le', 'ngth: 5\r\n\r\nhel', 'lo')).toEqual([undefined, undefined, 200])
  })

  it('waits for the last chunk of a chunked body', () => {
    const head = 'HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\n'
    expect(statuses(head, '5\r\nhello\r\n', '0\r\n\r\n')).toEqual([undefined, undefined, 201])
  })

  it('takes an answer without a body as complete after its head, and starts afresh with the next', () => {
    const empty = 'HTTP/1.1 204 No Content\r\nx: y\r\n\r\n'
    expect(statuses(empty, empty)).toEqual([204, 204])
  })

  it('finds no length in a body', () => {
    expect(statuses('HTTP/1.1 200 OK\r\ncontent-length: 22\r\n\r\n\r\ncontent-length: 99\r\n')).toEqual([200])
  })
})
