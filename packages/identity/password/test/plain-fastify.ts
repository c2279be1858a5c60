import assert from 'node:assert/strict'
import { password, Passwords } from '@covet/password'
import type { FastifyInstance } from 'fastify'

export async function register(app: FastifyInstance): Promise<void> {
  await app.register(password())
}

export async function verify(app: FastifyInstance): Promise<void> {
  const passwords = app.services.get(Passwords)
  const stored = await passwords.hash('correct horse battery staple')
  assert.match(stored, /^\$argon2id\$/)
  assert.equal((await passwords.verify('correct horse battery staple', stored)).ok, true)
  assert.equal((await passwords.verify('Tr0ub4dor&3', stored)).ok, false)
}
