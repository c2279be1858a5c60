import { databaseWarning } from '@covet/db'
import { Parser } from 'pg-protocol/dist/parser.js'
import type { Wire } from './protocol.ts'

/** What the parser tells of each message; a kept row is none. */
export interface Message {
  readonly name: string
}

export interface RowParser {
  parse(chunk: Buffer, tell: (message: Message) => void): void
}

/** What pg's parser has beyond its published types: {@link keepsRows} sees whether it still is so. */
interface ParserInside {
  /** What was not parsed yet starts at `bufferOffset`, and is `bufferLength` long. */
  buffer: Buffer
  bufferOffset: number
  bufferLength: number
  parse(chunk: Buffer, tell: (message: Message) => void): void
  /** @param offset where the message's content starts, `length` minus 4 bytes long */
  handlePacket(offset: number, code: number, length: number, bytes: Buffer): Message
}

const dataRow = 0x44
const readyForQuery = 0x5a
/** The message's code and length. */
const header = 5
const kept: Message = { name: 'keptRow' }

/**
 * pg's parser, which leaves the rows of a statement in row mode `bytes` as they came: as long as the wire has a `rowSink`,
 * runs of whole DataRow messages go there, and nothing of them is told.
 */
class KeepingParser extends (Parser as unknown as new () => ParserInside) implements RowParser {
  readonly #wire: Pick<Wire, 'rowSink'>
  /** The run of rows at hand, within one buffer. */
  #bytes: Buffer | undefined
  #start = 0
  #end = 0
  #handedOut = false

  constructor(wire: Pick<Wire, 'rowSink'>) {
    super()
    this.#wire = wire
  }

  override parse(chunk: Buffer, tell: (message: Message) => void): void {
    super.parse(chunk, (message) => {
      if (message !== kept) tell(message)
    })
    this.#endRun()
    if (!this.#handedOut) return
    this.#handedOut = false
    // The parser would make room for what comes next where the rows are: it goes on in a buffer of its own.
    if (this.bufferLength > 0) this.buffer = Buffer.from(this.buffer.subarray(this.bufferOffset, this.bufferOffset + this.bufferLength))
    this.bufferOffset = 0
  }

  override handlePacket(offset: number, code: number, length: number, bytes: Buffer): Message {
    if (code === dataRow && this.#wire.rowSink !== undefined) return this.#keep(bytes, offset - header, offset - header + 1 + length)
    this.#endRun()
    if (code === readyForQuery) this.#wire.rowSink = undefined
    return super.handlePacket(offset, code, length, bytes)
  }

  #keep(bytes: Buffer, start: number, end: number): Message {
    if (this.#bytes === undefined) {
      this.#bytes = bytes
      this.#start = start
    }
    this.#end = end
    return kept
  }

  #endRun(): void {
    if (this.#bytes === undefined) return
    this.#wire.rowSink?.push(this.#bytes.subarray(this.#start, this.#end))
    this.#bytes = undefined
    this.#handedOut = true
  }
}

/**
 * Makes a connection keep rows for those who ask for them; before it connects. Does nothing where pg's parser is not as it
 * was: rows then come as text.
 */
export function keepRows(wire: Wire): void {
  if (!(ability ??= assess())) return
  wire.attachListeners = (stream) => {
    const parser: RowParser = new KeepingParser(wire)
    stream.on('data', (chunk: Buffer) =>
      parser.parse(chunk, (message) => wire.emit(message.name === 'error' ? 'errorMessage' : message.name, message)),
    )
  }
}

let ability: boolean | undefined

function assess(): boolean {
  const able = keepsRows((wire) => new KeepingParser(wire))
  if (!able) {
    process.emitWarning(
      'this version of pg-protocol has another parser: rows are read as text, which is slower. Install the version that @covet/postgres names.',
      { type: databaseWarning, code: 'postgres/parser' },
    )
  }
  return able
}

/** Whether a parser keeps three rows of which the second comes in two pieces, and tells the rest. */
export function keepsRows(make: (wire: Pick<Wire, 'rowSink'>) => RowParser): boolean {
  const rows = ['a'.repeat(300), 'b'.repeat(20), 'c'].map(sampleRow)
  const messages = Buffer.concat([...rows, sampleMessage('C', 'SELECT 3\0'), sampleMessage('Z', 'I')])
  const sink: unknown[] = []
  const wire: Pick<Wire, 'rowSink'> = { rowSink: sink }
  const told: string[] = []
  try {
    const parser = make(wire)
    // In buffers of their own: what is left of the first must not be moved over the row that came with it.
    for (const piece of [messages.subarray(0, 320), messages.subarray(320)]) parser.parse(Buffer.from(piece), ({ name }) => told.push(name))
  } catch {
    return false
  }
  return (
    told.join() === 'commandComplete,readyForQuery' &&
    wire.rowSink === undefined &&
    Buffer.concat(sink as Buffer[]).equals(Buffer.concat(rows))
  )
}

function sampleRow(text: string): Buffer {
  const content = Buffer.alloc(6)
  content.writeUInt16BE(1)
  content.writeUInt32BE(text.length, 2)
  return sampleMessage('D', `${content.toString('latin1')}${text}`)
}

function sampleMessage(code: string, content: string): Buffer {
  const message = Buffer.alloc(header)
  message.write(code)
  message.writeUInt32BE(content.length + 4, 1)
  return Buffer.concat([message, Buffer.from(content, 'latin1')])
}
