import { describe, expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { createApp, plugin, requestToken, token, type Plugin, type RequestToken, type Token } from '../src/index.ts'

interface Db {
  query(sql: string): number
}
const Database: Token<'database', Db> = token('database')
const Mailer: Token<'mailer', { send(to: string): void }> = token('mailer')
const Cart: RequestToken<'cart', { items: string[] }> = requestToken('cart')
const db: Plugin<never, 'database'> = plugin({
  name: 'db',
  provides: { db: Database },
  setup: () => ({ db: { query: (sql) => sql.length } }),
})
const posts: Plugin<'database'> = plugin({
  name: 'posts',
  needs: { db: Database },
  optional: { mailer: Mailer },
  setup(_app, services) {
    services.db.query('x').toFixed()
    // @ts-expect-error an optional service may be missing
    services.mailer.send('a')
    // @ts-expect-error not declared
    void services.cart
  },
})

const waiting = (): Plugin<'database'> => plugin({ name: 'waiting', needs: { db: Database }, async setup() {} })

/** Never called: the compiler checks it, together with every `@ts-expect-error` in it. */
export async function compileTimeChecks(): Promise<void> {
  await createApp({ plugins: [posts, db] })
  await createApp({ plugins: [plugin({ name: 'inline', setup() {} })] })
  await createApp()
  await createApp({
    plugins: [
      // @ts-expect-error No plugin provides 'database'
      posts,
    ],
  })
  await createApp({ plugins: [posts], override: [[Database, { query: () => 1 }]] })
  // @ts-expect-error an override has the service's type
  await createApp({ plugins: [posts], override: [[Database, { query: () => 'one' }]] })
  // @ts-expect-error what createApp decides itself is no option
  await createApp({ genReqId: () => 'id' })
  // @ts-expect-error an annotation cannot promise what is not given
  const lie: Plugin<never, 'database' | 'mailer'> = db
  // @ts-expect-error an annotation cannot hide a need
  const modest: Plugin = posts
  plugin({
    name: 'wrong',
    provides: { db: Database },
    // @ts-expect-error the service is not of its token's type
    setup: () => ({ db: { query: () => 'text' } }),
  })
  // @ts-expect-error provides says what setup returns
  plugin({ name: 'forgetful', provides: { db: Database }, setup: () => {} })
  plugin({ name: 'cart', provides: { cart: Cart }, setup: () => ({ cart: (request) => ({ items: [request.id] }) }) })
  const app = await createApp({ plugins: [db] })
  app.get('/', async (request) => request.services.get(Cart).items.map((item) => item.toUpperCase()))
  app.services.get(Database).query('x').toFixed()
  // @ts-expect-error the token's type is kept
  app.services.set(Database, 7)
  void [lie, modest, waiting]
}

describe('what the compiler says', () => {
  it('names the token in one line, at the plugin that needs it', async () => {
    const folder = await mkdtemp(fileURLToPath(new URL('support/types-', import.meta.url)))
    try {
      await writeFile(
        join(folder, 'app.ts'),
        `import { createApp, plugin, token, type Plugin, type Token } from '../../../src/index.ts'
const Database: Token<'database', object> = token('database')
const posts: Plugin<'database'> = plugin({ name: 'posts', needs: { db: Database }, setup: () => {} })
await createApp({ plugins: [posts] })
`,
      )
      await writeFile(
        join(folder, 'tsconfig.json'),
        JSON.stringify({ extends: '../../../../../../tooling/tsconfig/program.json', files: ['app.ts'] }),
      )
      const output = await compile(folder)
      const lines = output.split('\n').filter((line) => /^\S.*error TS/.test(line))
      expect(lines).toHaveLength(1)
      expect(lines[0]).toMatch(/app\.ts[(:]4[,:]29\)?.*'"No plugin provides 'database'"'/)
    } finally {
      await rm(folder, { recursive: true })
    }
  }, 60_000)
})

function compile(folder: string): Promise<string> {
  const root = createRequire(new URL('../../../../package.json', import.meta.url))
  const tsc = join(root.resolve('typescript/package.json'), '../bin/tsc')
  return new Promise((resolve) => {
    execFile(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], (_error, stdout) => resolve(stdout))
  })
}
