// A connection in a thread of its own: answers what the connection that stands for it asks.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { MaybePromise } from '@covet/db'
import type { SqliteConnection } from '../connection.ts'
import { openConnection } from '../open.ts'
import { packError } from './packed-error.ts'
import { type Answer, type Method, type Opening, opening, type Question, type Rows, type Served, type State } from './protocol.ts'

type Serving = { readonly [M in Method]: (args: Parameters<Served[M]>, signal: AbortSignal) => MaybePromise<ReturnType<Served[M]>> }

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
/** What is left to send of an answer. */
let rest: unknown[] = []
let sent = 0

const serving: Serving = {
  async open() {
    connection = await openConnection(options, role)
  },
  async execute([statement], signal) {
    const result = await own().execute(statement, signal)
    rest = result.rows
    sent = 0
    return { ...result, ...more() }
  },
  more,
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
  const serve = serving[method] as (args: readonly unknown[], signal: AbortSignal) => unknown
  try {
    const value = await serve(args, controller.signal)
    tell({ id, value, state: stateOf() })
  } catch (error) {
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
  const until = performance.now() + gathering
  do {
    const read = await rows?.next()
    if (read === undefined || read.done === true) return { rows: some, isLast: true }
    some.push(read.value)
  } while (some.length < rowsPerAnswer && performance.now() < until)
  return { rows: some, isLast: false }
}

function more(): Rows {
  const from = sent
  sent += rowsPerPart
  if (sent < rest.length) return { rows: rest.slice(from, sent), isLast: false }
  const last = from === 0 ? rest : rest.slice(from)
  rest = []
  return { rows: last, isLast: true }
}

function stateOf(): State {
  return { isOpen: connection?.isOpen ?? false, transactionStatus: connection?.transactionStatus ?? 'idle' }
}

/** Nothing else is asked before the answer to the opening. */
function own(): SqliteConnection {
  return connection as SqliteConnection
}
