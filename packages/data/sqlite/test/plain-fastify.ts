import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDb, Database } from '@covet/db'
import { sqlite } from '@covet/sqlite'
import type { FastifyInstance } from 'fastify'

export async function register(app: FastifyInstance): Promise<void> {
  await app.register(sqlite({ file: ':memory:' }))
}

export async function verify(app: FastifyInstance): Promise<void> {
  const database = app.services.get(Database)
  await database.script('create table notes (text text not null)')
  await database.execute({ text: 'insert into notes (text) values (?)', params: ['remember'] })
  const { rows } = await database.execute({ text: 'select text from notes', params: [] })
  assert.equal(rows.length, 1)
  assert.equal(rows[0]?.['text'], 'remember')
  await verifyThreads()
}

/** They are started from the package as it is installed. */
async function verifyThreads(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'covet-sqlite-'))
  const database = createDb(sqlite({ file: join(folder, 'app.db'), worker: true }))
  const row = await database.sql.first`select 1 as one`
  assert.equal(row?.['one'], 1)
  await database.close()
  rmSync(folder, { recursive: true })
}
