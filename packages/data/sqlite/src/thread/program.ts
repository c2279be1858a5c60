// A connection in a thread of its own: answers what the connection that stands for it asks.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { MaybePromise } from '@covet/db'
import type { SqliteConnection } from '../connection.ts'
import { openConnection } from '../open.ts'
import { packError } from './packed-error.ts'
import { type Answer, type Method, type Opening, opening, type Question, type Rows, type Served, type State } from './protocol.ts'

type Serving = { readonly [M in Method]: (args: Parameters<Served[M]>, signal: AbortSignal) => MaybePromise<ReturnType<Served[M]>> }

const rowsPerAnswer = 256
const port = parentPort as MessagePort
const { options, role } = workerData as Opening
const asked = new Map<number, AbortController>()
let connection: SqliteConnection | undefined
let rows: AsyncIterator<unknown> | undefined

const serving: Serving = {
  async open() {
    connection = await openConnection(options, role)
  },
  execute: ([statement], signal) => own().execute(statement, signal),
  stream([statement]) {
    rows = own().stream(statement)
  },
  next,
  async endStream() {
    await rows?.return?.()
    rows = undefined
  },
  script: ([text]) => own().script(text),
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

async function next(): Promise<Rows> {
  const some: unknown[] = []
  while (some.length < rowsPerAnswer) {
    const read = await rows?.next()
    if (read === undefined || read.done === true) return { rows: some, isLast: true }
    some.push(read.value)
  }
  return { rows: some, isLast: false }
}

function stateOf(): State {
  return { isOpen: connection?.isOpen ?? false, transactionStatus: connection?.transactionStatus ?? 'idle' }
}

/** Nothing else is asked before the answer to the opening. */
function own(): SqliteConnection {
  return connection as SqliteConnection
}
