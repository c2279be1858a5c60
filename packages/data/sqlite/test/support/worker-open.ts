// Opens a database with threads of their own, which are ended while they open if the second argument says so; says how that went.
import { createDb } from '@covet/db'
import { sqlite } from '@covet/sqlite'

const [file = '', ended] = process.argv.slice(2)
if (ended !== undefined) process.on('worker', (thread) => void thread.terminate())
const db = createDb(sqlite({ file, worker: true }))
try {
  await db.connect()
  console.log('open')
} catch (error) {
  const { code, message } = error as Error & { code?: string }
  console.log(code, message)
}
await db.close()
