// Takes the write lock of the database named by the first argument, says so, and gives it back after the milliseconds of the second.
import BetterSqlite from 'better-sqlite3'

const [file = '', milliseconds = '0'] = process.argv.slice(2)
const db = new BetterSqlite(file)
db.exec('begin immediate')
process.stdout.write('locked\n')
setTimeout(() => {
  db.exec('commit')
  process.stdout.write('released\n')
  db.close()
}, Number(milliseconds))
