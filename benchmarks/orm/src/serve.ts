import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** File descriptor of the answers: a contender may print what it likes to the others. */
const answers = 3

/** The side of the child process: answers each line of JSON on its input with one, and ends with its input. */
export async function serve<Call>(first: unknown, handle: (call: Call) => unknown): Promise<void> {
  const say = (message: object): void => void writeSync(answers, `${JSON.stringify(message)}\n`)
  say({ value: first ?? null })
  for await (const line of createInterface({ input: process.stdin })) {
    try {
      say({ value: (await handle(JSON.parse(line) as Call)) ?? null })
    } catch (error) {
      say({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
  }
}
