// Takes the write lock of the database named by the first argument and gives it back after the milliseconds of the second.
import Database from 'better-sqlite3'

const [file = '', milliseconds = '0'] = process.argv.slice(2)
const db = new Database(file)
db.exec('begin immediate')
process.stdout.write('locked\n')
setTimeout(() => {
  db.exec('commit')
  db.close()
  process.stdout.write(`released at ${performance.timeOrigin + performance.now()}\n`)
}, Number(milliseconds))
