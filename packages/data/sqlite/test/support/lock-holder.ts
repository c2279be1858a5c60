// Takes the write lock of the database named by the first argument, says so, and gives it back after the milliseconds of the second.
// Tests and measurements of other packages start it too.
import BetterSqlite from 'better-sqlite3'

const [file = '', milliseconds = '0'] = process.argv.slice(2)
const db = new BetterSqlite(file, { timeout: 30_000 })
db.exec('begin immediate')
process.stdout.write('locked\n')
setTimeout(() => {
  db.exec('commit')
  db.close()
  process.stdout.write(`released at ${performance.timeOrigin + performance.now()}\n`)
}, Number(milliseconds))
