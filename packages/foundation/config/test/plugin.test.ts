import { describe, expect, it } from '@jest/globals'
import { config, Config, configToken, loadConfig, secret } from '@covet/config'
import { createApp, plugin, type Plugin } from '@covet/core'
import Fastify from 'fastify'
import Type from 'typebox'

const schema = Type.Object({
  port: Type.Integer({ default: 3000, minimum: 0 }),
  database: Type.Object({ file: Type.String() }),
  jwtSecret: secret({ minLength: 32 }),
})
const AppConfig = configToken<typeof schema>()

const routes: Plugin<'config'> = plugin({
  name: 'routes',
  needs: { config: AppConfig },
  setup(app, { config }) {
    app.get('/', () => ({ file: config.database.file, length: config.jwtSecret.reveal().length, secret: config.jwtSecret }))
  },
})

const env = { DATABASE_FILE: 'blog.db', JWT_SECRET: 'x'.repeat(32) }

describe('config()', () => {
  it('provides the settings in plain Fastify, typed by the application’s own token', async () => {
    const app = Fastify()
    await app.register(config(await loadConfig({ schema, env, dotenv: false })))
    await app.register(routes)
    expect((await app.inject('/')).json()).toEqual({ file: 'blog.db', length: 32, secret: '[secret]' })
    expect(app.services.get(Config)).toBe(app.services.get(AppConfig))
    await app.close()
  })

  it('runs the first example of the README', async () => {
    const schema = Type.Object({
      port: Type.Integer({ default: 3000 }),
      database: Type.Object({ file: Type.String({ default: 'blog.db' }) }),
      jwtSecret: secret({ minLength: 32, development: 'a-secret-for-development-machines-only' }),
    })
    const AppConfig = configToken<typeof schema>()

    const about: Plugin<'config'> = plugin({
      name: 'about',
      needs: { config: AppConfig },
      setup(app, { config }) {
        app.get('/about', () => ({ file: config.database.file, secret: config.jwtSecret }))
      },
    })

    const settings = await loadConfig({ schema, env: {}, dotenv: false })
    const app = await createApp({ plugins: [config(settings), about] })
    expect((await app.inject('/about')).body).toBe('{"file":"blog.db","secret":"[secret]"}')
    expect(settings.port).toBe(3000)
    await app.close()
  })

  it('is swapped by an override', async () => {
    const settings = await loadConfig({ schema, env, dotenv: false })
    const app = await createApp({
      plugins: [routes, config(settings)],
      override: [[AppConfig, { ...settings, database: { file: ':memory:' } }]],
    })
    expect((await app.inject('/')).json()).toMatchObject({ file: ':memory:' })
    await app.close()
  })

  it('is named when it is missing', async () => {
    const app = Fastify()
    await expect(app.register(routes)).rejects.toMatchObject({
      code: 'kernel/missing-service',
      message: expect.stringContaining("routes needs 'config'"),
    })
    await app.close()
  })
})
