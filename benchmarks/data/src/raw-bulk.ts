import Database from 'better-sqlite3'
import { createPool, type ResultSetHeader } from 'mysql2/promise'
import { Pool } from 'pg'
import type { Engine } from './engine.ts'
import { columns, type WideRow } from './wide.ts'

/** The ids of the rows, which the driver by itself stores in one transaction, in pieces of 1,000. */
export const rawBulk: Readonly<Record<Engine, (url: string, rows: readonly WideRow[]) => Promise<number[]>>> = {
  async sqlite(url, rows) {
    const db = new Database(url)
    const insert = db.prepare(`insert into wides (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`)
    const store = db.transaction(() => rows.map((row) => Number(insert.run(...sqliteValues(row)).lastInsertRowid)))
    const ids = store()
    db.close()
    return ids
  },

  async postgres(url, rows) {
    const pool = new Pool({ connectionString: url, max: 1 })
    const text = `insert into wides (${columns.join(', ')}) select ${columns.join(', ')} from json_populate_recordset(null::wides, $1) returning id`
    const ids: number[] = []
    await pool.query('begin')
    for (const piece of pieces(rows)) {
      const json = JSON.stringify(piece.map((row) => ({ ...row, g: String(row.g) })))
      for (const { id } of (await pool.query<{ id: string }>({ name: 'bulk', text, values: [json] })).rows) ids.push(Number(id))
    }
    await pool.query('commit')
    await pool.end()
    return ids
  },

  async mariadb(url, rows) {
    const pool = createPool({ uri: url, connectionLimit: 1, timezone: 'Z' })
    const ids: number[] = []
    await pool.query('begin')
    for (const piece of pieces(rows)) {
      const values = piece.map((row) => columns.map((name) => (name === 'h' ? JSON.stringify(row.h) : row[name])))
      const [{ insertId }] = await pool.query<ResultSetHeader>(`insert into wides (${columns.join(', ')}) values ?`, [values])
      for (const at of piece.keys()) ids.push(insertId + at)
    }
    await pool.query('commit')
    await pool.end()
    return ids
  },
}

function sqliteValues({ c, d, h, ...row }: WideRow): unknown[] {
  const values: Readonly<Record<string, unknown>> = { ...row, c: c ? 1 : 0, d: d.toISOString(), h: JSON.stringify(h) }
  return columns.map((name) => values[name])
}

function* pieces<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < rows.length; from += 1_000) yield rows.slice(from, from + 1_000)
}
