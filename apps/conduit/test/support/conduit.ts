import type { App } from '@covet/core'
import { testApp, type HttpClient } from '@covet/testing'
import { jest } from '@jest/globals'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createConduit } from '../../src/app.ts'
import { loadSettings, type Settings } from '../../src/settings.ts'
import type { Article, ArticleFields, CommentAnswer, UserAnswer } from './answers.ts'

// Passwords are hashed and writes reach the disk for real, on machines that may be busy.
jest.setTimeout(60_000)

export const password = 'password123'

/** A signed-in user of a test. */
export interface Member {
  readonly username: string
  readonly email: string
  readonly token: string
  /** Sends the token with every request. */
  readonly api: HttpClient
}

/** The application over HTTP on a free port, with a database file of its own. */
export interface Conduit {
  readonly app: App
  readonly url: string
  /** A visitor without a token. */
  readonly api: HttpClient
  register(username?: string): Promise<Member>
  publish(author: Member, fields?: Partial<ArticleFields>): Promise<Article>
  comment(author: Member, slug: string, body?: string): Promise<CommentAnswer['comment']>
  close(): Promise<void>
}

export async function startConduit(changes: Partial<Settings> = {}): Promise<Conduit> {
  const folder = await temporaryFolder()
  const settings = await testSettings(join(folder, 'conduit.db'))
  const { app, url, client, close } = await testApp(() => createConduit({ ...settings, ...changes }), { listen: true })

  async function register(username = uniqueName('user')): Promise<Member> {
    const email = `${uniqueName('mail')}@test.com`
    const { user } = await client
      .post('/api/users', { json: { user: { username, email, password } } })
      .expect(201)
      .json<UserAnswer>()
    return { username, email, token: user.token, api: client.with({ authorization: `Token ${user.token}` }) }
  }

  async function publish(author: Member, fields: Partial<ArticleFields> = {}): Promise<Article> {
    const article = { title: uniqueName('Title'), description: 'About it', body: 'All of it', ...fields }
    return (await author.api.post('/api/articles', { json: { article } }).expect(201).json<{ article: Article }>()).article
  }

  async function comment(author: Member, slug: string, body = 'Well said'): Promise<CommentAnswer['comment']> {
    return (
      await author.api
        .post(`/api/articles/${slug}/comments`, { json: { comment: { body } } })
        .expect(201)
        .json<CommentAnswer>()
    ).comment
  }

  const stop = async (): Promise<void> => {
    await close()
    await rm(folder, { recursive: true, force: true })
  }
  return { app, url, api: client, register, publish, comment, close: stop }
}

export function testSettings(file: string, env: NodeJS.ProcessEnv = {}): Promise<Settings> {
  return loadSettings({ NODE_ENV: 'test', DATABASE_FILE: file, DEMO_DATA: 'false', ...env })
}

export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'conduit-'))
}

let names = 0

/** Names differ within a test file, which has its database for itself. */
export function uniqueName(prefix: string): string {
  names += 1
  return `${prefix}_${names}`
}
