import assert from 'node:assert/strict'
import { Database } from '@covet/db'
import { postgres } from '@covet/postgres'
import fastify, { type FastifyInstance } from 'fastify'

/** Where there is no server, what is shown is that the application does not start without its database. */
export async function register(app: FastifyInstance, url = process.env['POSTGRES_URL']): Promise<void> {
  if (url) await app.register(postgres({ url }))
}

export async function verify(app: FastifyInstance): Promise<void> {
  if (app.services === undefined) return verifyWithoutServer()
  const { rows } = await app.services.get(Database).execute({ text: 'select $1::text as text', params: ['remember'] })
  assert.equal(rows[0]?.['text'], 'remember')
}

async function verifyWithoutServer(): Promise<void> {
  const app = fastify()
  await assert.rejects(
    async () => {
      await app.register(postgres({ host: '127.0.0.1', port: 1, user: 'nobody' }))
      await app.ready()
    },
    { code: 'db/connection-failed' },
  )
}
