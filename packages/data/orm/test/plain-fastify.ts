import assert from 'node:assert/strict'
import { connectionPlugin, Database, resolveConnectionOptions } from '@covet/db'
import { nodeSqlite } from '@covet/db/testing'
import { belongsTo, f, hasMany, Model, Models, orm } from '@covet/orm'
import type { FastifyInstance } from 'fastify'

class Author extends Model('authors', { id: f.id(), name: f.string(), notes: hasMany(() => Note) }) {}
class Note extends Model('notes', { id: f.id(), text: f.string(), author: belongsTo(() => Author) }) {}

export async function register(app: FastifyInstance): Promise<void> {
  await app.register(connectionPlugin('sqlite of Node', { driver: nodeSqlite(), options: resolveConnectionOptions({}) }))
  await app.register(orm({ models: [Author, Note] }))
}

export async function verify(app: FastifyInstance): Promise<void> {
  assert.deepEqual(app.services.get(Models).all, [Author, Note])
  await app.services.get(Database).script(`
    create table authors (id integer primary key, name text not null);
    create table notes (id integer primary key, text text not null, author_id integer not null)
  `)
  const author = await Author.create({ name: 'Ada' })
  await Note.create({ text: 'remember', authorId: author.id })
  const note = await Note.with('author').get()
  assert.ok(note instanceof Note)
  assert.deepEqual([note.text, note.author.name], ['remember', 'Ada'])
}
