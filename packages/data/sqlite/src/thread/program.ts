// A connection in a thread of its own: answers what the connection that stands for it asks.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { MaybePromise } from '@covet/db'
import type { SqliteConnection } from '../connection.ts'
import { openConnection } from '../open.ts'
import { packError } from './packed-error.ts'
import {
  type Answer,
  type Method,
  type Opening,
  opening,
  type Part,
  type Question,
  type Rows,
  type Served,
  type State,
} from './protocol.ts'

type Serving = {
  readonly [M in Method]: (args: Parameters<Served[M]>, signal: AbortSignal, id: number) => MaybePromise<ReturnType<Served[M]>>
}

interface Rest {
  readonly rows: unknown[]
  readonly sent: number
}

const rowsPerAnswer = 256
/** Milliseconds to gather them in: the first row is not to wait for slow ones, nor an abort for more than one of them. */
const gathering = 20
/** What the one who asks takes apart in some milliseconds. */
const rowsPerPart = 1_000
const port = parentPort as MessagePort
const { options, role } = workerData as Opening
const asked = new Map<number, AbortController>()
let connection: SqliteConnection | undefined
let rows: AsyncIterator<unknown> | undefined
/** What is left to send of answers, by the question that was answered with the part before. */
const rests = new Map<number, Rest>()

const serving: Serving = {
  async open() {
    connection = await openConnection(options, role)
  },
  async execute([statement], signal, id) {
    const result = await own().execute(statement, signal)
    return { ...result, ...part({ rows: result.rows, sent: 0 }, id) }
  },
  more([of], _signal, id) {
    const rest = rests.get(of) as Rest
    rests.delete(of)
    return part(rest, id)
  },
  stream([statement]) {
    rows = own().stream(statement)
  },
  next,
  endStreams() {
    own().endStreams()
    rows = undefined
  },
  script: ([text], signal) => own().script(text, signal),
  begin: ([readOnly], signal) => own().begin({ readOnly, signal }),
  commit: () => own().commit(),
  rollback: () => own().rollback(),
  savepoint: ([name]) => own().savepoint(name),
  rollbackTo: ([name]) => own().rollbackTo(name),
  release: ([name]) => own().release(name),
  close: () => own().close(),
}

port.on('message', (question: Question) => {
  if ('abort' in question) asked.get(question.abort)?.abort()
  else void answer(question.id, question.method, question.args)
})
port.on('messageerror', (error) => {
  throw error
})
await answer(opening, 'open', [])

async function answer(id: number, method: Method, args: readonly unknown[]): Promise<void> {
  const controller = new AbortController()
  asked.set(id, controller)
  const serve = serving[method] as (args: readonly unknown[], signal: AbortSignal, id: number) => unknown
  try {
    const value = await serve(args, controller.signal, id)
    tell({ id, value, state: stateOf() })
  } catch (error) {
    // Of a part that was too large to be sent nobody asks for the rest.
    rests.delete(id)
    tell({ id, error: packError(error), state: stateOf() })
  } finally {
    asked.delete(id)
  }
}

function tell(message: Answer): void {
  port.postMessage(message)
}

/** Between two of them aborts and the closing are heard. */
async function next(): Promise<Rows> {
  const some: unknown[] = []
  // While it waits, another stream may begin.
  const stream = rows
  const until = performance.now() + gathering
  do {
    const read = await stream?.next()
    if (read === undefined || read.done === true) return { rows: some, isLast: true }
    some.push(read.value)
  } while (some.length < rowsPerAnswer && performance.now() < until)
  return { rows: some, isLast: false }
}

function part({ rows, sent }: Rest, id: number): Part {
  const until = sent + rowsPerPart
  if (until >= rows.length) return { rows: sent === 0 ? rows : rows.slice(sent) }
  rests.set(id, { rows, sent: until })
  return { rows: rows.slice(sent, until), rest: id }
}

function stateOf(): State {
  return { isOpen: connection?.isOpen ?? false, transactionStatus: connection?.transactionStatus ?? 'idle' }
}

/** Nothing else is asked before the answer to the opening. */
function own(): SqliteConnection {
  return connection as SqliteConnection
}
