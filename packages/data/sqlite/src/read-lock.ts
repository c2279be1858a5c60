import BetterSqlite from 'better-sqlite3'

/** So many reads without a write between them, */
const reads = 64
/** in so many milliseconds, are close together: four more within `longest` pay for the lock. */
const within = 50
/** Milliseconds for which it is held. */
const longest = 10
/** Milliseconds for which it is not taken after another process wrote, or when it could not be had. */
const quiet = 1_000
/** Milliseconds: of two looks that are further apart the second says nothing of who writes now. */
const recent = 100

interface Holder {
  readonly db: BetterSqlite.Database
  readonly begin: BetterSqlite.Statement
  /** Reads the number of the last commit of any other connection. */
  readonly look: BetterSqlite.Statement
  readonly end: BetterSqlite.Statement
}

/**
 * The read lock of the write-ahead log, held for some milliseconds while reads follow closely on one another. A read outside of
 * a transaction takes it and gives it back, which is more than half of a look-up by key; but SQLite asks the system only for what
 * no other connection of the process has (unixShmLock in its os_unix.c, winShmLock in os_win.c), and so one connection that
 * does nothing else spares the others the two calls.
 *
 * What is read is the last commit as ever: a lock on an older state fits no read, which then takes its own. Nobody waits for
 * it; but a log on which somebody reads is not begun anew, and grows. So it is let go before every write of this process and after
 * 10 ms, and not taken for a second once another process has written: the checkpoints of that one find no reader then.
 */
export class ReadLock {
  readonly #file: string
  #holder: Holder | undefined
  #users = 0
  #reads = 0
  #since = 0
  #isHeld = false
  #quietUntil = 0
  /** The last commit when it was taken, when that was, and whether this process has written since. */
  #commit: unknown
  #lookedAt = -Infinity
  #hasWritten = false
  #timer: NodeJS.Timeout | undefined

  constructor(file: string) {
    this.#file = file
  }

  get isHeld(): boolean {
    return this.#isHeld
  }

  join(): void {
    this.#users += 1
  }

  leave(): void {
    this.#users -= 1
    this.release()
    if (this.#users === 0) this.#close()
  }

  /** Before a statement that reads. */
  reading(): void {
    this.#reads += 1
    if (this.#reads === reads) this.#weigh()
  }

  /** Before whatever may write, or end a transaction that did. */
  release(): void {
    this.#reads = 0
    this.#hasWritten = true
    if (this.#isHeld) this.#letGo()
  }

  #weigh(): void {
    this.#reads = 0
    const now = performance.now()
    const elapsed = now - this.#since
    if (this.#isHeld && elapsed <= longest) return
    this.#since = now
    if (this.#isHeld) this.#letGo()
    else if (elapsed <= within && now >= this.#quietUntil) this.#hold(now)
  }

  #hold(now: number): void {
    const commit = this.#take()
    if (!this.#isHeld || this.#othersWrote(commit, now)) {
      this.#quietUntil = now + quiet
      this.#letGo()
      return
    }
    this.#timer ??= setTimeout(() => this.#isHeld && this.#letGo(), longest).unref()
    this.#timer.refresh()
  }

  /** Gives the last commit, as its number. */
  #take(): unknown {
    try {
      this.#holder ??= openHolder(this.#file)
      this.#holder.begin.run()
      this.#isHeld = true
      return this.#holder.look.get()
    } catch {
      // It is about speed alone: where it cannot be had, reads take their own, and say what is wrong if something is.
      this.#isHeld = false
      this.#close()
      return undefined
    }
  }

  #othersWrote(commit: unknown, now: number): boolean {
    const others = commit !== this.#commit && !this.#hasWritten && now - this.#lookedAt <= recent
    this.#commit = commit
    this.#lookedAt = now
    this.#hasWritten = false
    return others
  }

  #letGo(): void {
    this.#isHeld = false
    // A failed read has ended it already.
    if (this.#holder?.db.inTransaction) this.#holder.end.run()
  }

  #close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#holder?.db.close()
    this.#holder = undefined
    this.#lookedAt = -Infinity
  }
}

/** @throws {Error} unless the file is there and has a write-ahead log: in the other modes readers hold up who writes */
function openHolder(file: string): Holder {
  const db = new BetterSqlite(file, { readonly: true, fileMustExist: true, timeout: 0 })
  try {
    const mode: unknown = db.pragma('journal_mode', { simple: true })
    if (mode !== 'wal') throw new Error(`Journal mode ${String(mode)}`)
    return { db, begin: db.prepare('begin'), look: db.prepare('pragma data_version').pluck(), end: db.prepare('rollback') }
  } catch (error) {
    db.close()
    throw error
  }
}
