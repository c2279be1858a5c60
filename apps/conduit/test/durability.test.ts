import { Database } from '@covet/db'
import { httpClient, startProcess, testApp, type HttpClient } from '@covet/testing'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createConduit } from '../src/app.ts'
import type { ArticleAnswer, CommentAnswer, UserAnswer } from './support/answers.ts'
import { password, temporaryFolder, testSettings } from './support/conduit.ts'
import { mainScript, urlOf } from './support/main-process.ts'

let folder: string
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => rm(folder, { recursive: true }))

/** What the application said it has. */
interface Acknowledged {
  readonly articles: string[]
  readonly comments: number[]
}

it('loses no acknowledged write when the process is killed, time and again', async () => {
  const file = join(folder, 'killed.db')
  const acknowledged: Acknowledged = { articles: [], comments: [] }
  for (const round of [1, 2, 3]) await writeUntilKilled(file, round, acknowledged)
  expect(acknowledged.articles.length).toBeGreaterThanOrEqual(90)

  const settings = await testSettings(file)
  await using reopened = await testApp(() => createConduit(settings))
  const { sql } = reopened.app.services.get(Database)
  expect(await sql`pragma integrity_check`).toEqual([{ integrity_check: 'ok' }])
  expect(await sql`pragma foreign_key_check`).toEqual([])
  const slugs = new Set((await sql<{ slug: string }>`select slug from articles`).map(({ slug }) => slug))
  const ids = new Set((await sql<{ id: number }>`select id from comments`).map(({ id }) => id))
  expect(acknowledged.articles.filter((slug) => !slugs.has(slug))).toEqual([])
  expect(acknowledged.comments.filter((id) => !ids.has(id))).toEqual([])
})

/** Eight writers at once; the process is killed in the middle of them after thirty articles. */
async function writeUntilKilled(file: string, round: number, acknowledged: Acknowledged): Promise<void> {
  await using conduit = await startProcess(mainScript, {
    env: { DATABASE_FILE: file, PORT: '0', DEMO_DATA: 'false' },
    ready: /API docs/,
    timeout: '30s',
  })
  const visitor = httpClient(urlOf(conduit))
  const user = { username: `writer_${round}`, email: `writer_${round}@test.com`, password }
  const { token } = (await visitor.post('/api/users', { json: { user } }).expect(201).json<UserAnswer>()).user
  const api = visitor.with({ authorization: `Token ${token}` })
  const enough = acknowledged.articles.length + 30
  const kill = (): boolean => {
    const isTime = acknowledged.articles.length >= enough
    if (isTime) conduit.signal('SIGKILL')
    return isTime
  }
  await Promise.all(Array.from({ length: 8 }, () => writeOn(api, acknowledged, kill)))
  expect(await conduit.exit).toEqual({ code: null, signal: 'SIGKILL' })
}

/** Writes until there is nobody to write to. Only then may the connection be cut. */
async function writeOn(api: HttpClient, { articles, comments }: Acknowledged, kill: () => boolean): Promise<void> {
  for (;;) {
    try {
      const article = { title: 'Same title', description: 'D', body: 'B'.repeat(2_000), tagList: ['x', 'y'] }
      const { slug } = (await api.post('/api/articles', { json: { article } }).expect(201).json<ArticleAnswer>()).article
      articles.push(slug)
      const comment = { body: 'C'.repeat(500) }
      const { id } = (await api.post(`/api/articles/${slug}/comments`, { json: { comment } }).expect(201).json<CommentAnswer>()).comment
      comments.push(id)
      kill()
    } catch (error) {
      // So fetch says that a connection was cut or refused.
      if (kill() && (error as Error).name === 'TypeError') return
      throw error
    }
  }
}
