import { testApp, type TestApp } from '@covet/testing'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createConduit } from '../src/app.ts'
import { demoArticles, demoPassword } from '../src/demo/demo-data.ts'
import type { ArticlesAnswer, UserAnswer } from './support/answers.ts'
import { temporaryFolder, testSettings } from './support/conduit.ts'

let folder: string
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => rm(folder, { recursive: true }))

const start = async (file: string, demoData: boolean): Promise<TestApp> => {
  const settings = await testSettings(join(folder, 'made', 'on', 'first', 'start', file), { DEMO_DATA: String(demoData) })
  return testApp(() => createConduit(settings))
}
const list = ({ client }: TestApp): Promise<ArticlesAnswer> => client.get('/api/articles').expect(200).json<ArticlesAnswer>()

it('is written on the first start and never again', async () => {
  {
    await using first = await start('demo.db', true)
    const { articles, articlesCount } = await list(first)
    expect(articlesCount).toBe(demoArticles.length)
    expect(articles[0]).toMatchObject({ title: 'The API in five requests', tagList: ['api', 'welcome'], favoritesCount: 3 })

    const login = { user: { email: 'ada@conduit.test', password: demoPassword } }
    const { user } = await first.client.post('/api/users/login', { json: login }).expect(200).json<UserAnswer>()
    await first.client
      .with({ authorization: `Token ${user.token}` })
      .delete(`/api/articles/${articles[0]?.slug}`)
      .expect(204)
  }
  await using second = await start('demo.db', true)
  expect((await list(second)).articlesCount).toBe(demoArticles.length - 1)
})

it('is left out when it is not wanted, then and later', async () => {
  {
    await using first = await start('empty.db', false)
    expect(await list(first)).toEqual({ articles: [], articlesCount: 0 })
  }
  await using second = await start('empty.db', true)
  expect((await list(second)).articlesCount).toBe(0)
})
