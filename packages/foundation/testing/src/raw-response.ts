import { RawResponseMalformedError } from './errors.ts'

/** A response as it came over the wire, nothing joined or decoded but the chunks of its body. */
export interface RawResponse {
  readonly status: number
  readonly reason: string
  /** Name and value as they were sent, in order. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** The first value of a header; the name in any case. */
  header(name: string): string | undefined
  readonly body: string
}

interface Head {
  readonly status: number
  readonly reason: string
  readonly headers: readonly (readonly [string, string])[]
  readonly length: number
}

/** How much of a buffer a response takes; `undefined` while it is not complete. */
interface Parsed {
  readonly response: RawResponse
  readonly length: number
}

/**
 * The first response in `bytes`.
 * @param isClosed the connection has ended, which ends a body without a length
 * @param isHead it answers HEAD, so it has no body whatever its headers say
 * @throws {RawResponseMalformedError}
 */
export function parseResponse(bytes: Buffer, isClosed: boolean, isHead: boolean): Parsed | undefined {
  const head = parseHead(bytes)
  if (!head) return undefined
  const body = parseBody(head, bytes.subarray(head.length), isClosed, isHead)
  if (!body) return undefined
  const { status, reason, headers } = head
  const header = (name: string): string | undefined => valueOf(headers, name)
  return { response: { status, reason, headers, header, body: body.content.toString('latin1') }, length: head.length + body.length }
}

function parseHead(bytes: Buffer): Head | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
  const status = /^HTTP\/1\.[01] (\d{3}) ?(.*)$/.exec(statusLine)
  if (!status) throw new RawResponseMalformedError('it has no status line', bytes.toString('latin1', 0, 1_000))
  const headers = lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()] as const)
  return { status: Number(status[1]), reason: status[2] ?? '', headers, length: end + 4 }
}

interface Body {
  readonly content: Buffer
  readonly length: number
}

const noBody: Body = { content: Buffer.alloc(0), length: 0 }

/** RFC 9112 §6.3. */
function parseBody({ status, headers }: Head, bytes: Buffer, isClosed: boolean, isHead: boolean): Body | undefined {
  if (isHead || status < 200 || status === 204 || status === 304) return noBody
  if (/\bchunked$/i.test(valueOf(headers, 'transfer-encoding') ?? '')) return parseChunks(bytes)
  const declared = valueOf(headers, 'content-length')
  if (declared === undefined) return isClosed ? { content: bytes, length: bytes.length } : undefined
  const length = Number(declared)
  return bytes.length < length ? undefined : { content: bytes.subarray(0, length), length }
}

function parseChunks(bytes: Buffer): Body | undefined {
  const chunks: Buffer[] = []
  let at = 0
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd < 0) return undefined
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    if (Number.isNaN(size)) throw new RawResponseMalformedError('a chunk has no size', bytes.toString('latin1', at, lineEnd))
    const start = lineEnd + 2
    if (size === 0) return parseTrailers(bytes, start, chunks)
    if (bytes.length < start + size + 2) return undefined
    chunks.push(bytes.subarray(start, start + size))
    at = start + size + 2
  }
}

function parseTrailers(bytes: Buffer, start: number, chunks: readonly Buffer[]): Body | undefined {
  if (bytes.indexOf('\r\n', start) === start) return { content: Buffer.concat(chunks), length: start + 2 }
  const end = bytes.indexOf('\r\n\r\n', start)
  return end < 0 ? undefined : { content: Buffer.concat(chunks), length: end + 4 }
}

function valueOf(headers: readonly (readonly [string, string])[], name: string): string | undefined {
  return headers.find(([known]) => known.toLowerCase() === name.toLowerCase())?.[1]
}
