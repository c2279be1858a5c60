import { createDb, Database } from '@covet/db'
import { introspect } from '@covet/db/catalog'
import { catalogOf, Models } from '@covet/orm'
import { sqlite } from '@covet/sqlite'
import { testApp } from '@covet/testing'
import { expect, it } from '@jest/globals'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createConduit } from '../src/app.ts'
import { startConduit, temporaryFolder, testSettings } from './support/conduit.ts'

it('are those of the models', async () => {
  const { app, close } = await startConduit()
  const { services } = app
  const { tables } = await introspect(services.get(Database))
  expect(tables.map(({ name }) => name)).toEqual(['articles', 'comments', 'favorites', 'follows', 'tags', 'users'])
  expect(new Set(tables.map(({ name }) => name))).toEqual(new Set(catalogOf(services.get(Models).all).tables.map(({ name }) => name)))
  await close()
})

it('are not made beside those of somebody else, which stay as they are', async () => {
  const folder = await temporaryFolder()
  const file = join(folder, 'other.db')
  {
    await using other = createDb(sqlite({ file }))
    await other.script('create table users (name text)')
  }
  const settings = await testSettings(file)
  await expect(testApp(() => createConduit(settings))).rejects.toMatchObject({
    code: 'conduit/foreign-tables',
    message: expect.stringContaining('(users)'),
  })
  {
    await using other = createDb(sqlite({ file }))
    expect((await introspect(other)).tables.map(({ name }) => name)).toEqual(['users'])
  }
  await rm(folder, { recursive: true })
})
