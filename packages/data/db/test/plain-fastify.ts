import assert from 'node:assert/strict'
import { connectionPlugin, Database, resolveConnectionOptions } from '@covet/db'
import { nodeSqlite } from '@covet/db/testing'
import type { FastifyInstance } from 'fastify'

export async function register(app: FastifyInstance): Promise<void> {
  await app.register(connectionPlugin('sqlite of Node', { driver: nodeSqlite(), options: resolveConnectionOptions({}) }))
}

export async function verify(app: FastifyInstance): Promise<void> {
  const database = app.services.get(Database)
  await database.script('create table notes (text text not null)')
  await assert.rejects(
    database.transaction(async () => {
      await database.execute({ text: 'insert into notes (text) values (?)', params: ['forget'] })
      throw new Error('changed my mind')
    }),
    /changed my mind/,
  )
  await database.execute({ text: 'insert into notes (text) values (?)', params: ['remember'] })
  const { rows } = await database.execute({ text: 'select text from notes', params: [] })
  assert.equal(rows.length, 1)
  assert.equal(rows[0]?.['text'], 'remember')
}
