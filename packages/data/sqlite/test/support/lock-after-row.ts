// Adds a note to the database named by the first argument once it has one, and keeps the lock for the milliseconds of the second.
import BetterSqlite from 'better-sqlite3'

const [file = '', milliseconds = '0'] = process.argv.slice(2)
const db = new BetterSqlite(file)
const notes = db.prepare('select count(*) from notes').pluck()
const look = (): void => {
  if (notes.get() === 0) {
    setTimeout(look, 1)
    return
  }
  db.exec("begin immediate; insert into notes (body) values ('of another process')")
  setTimeout(() => {
    db.exec('commit')
    db.close()
  }, Number(milliseconds))
}
process.stdout.write('waiting\n')
look()
