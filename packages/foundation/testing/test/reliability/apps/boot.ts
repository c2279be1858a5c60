// An application with settings and a store it cannot work without.
import { config, configToken, loadConfig, secret } from '@covet/config'
import { CovetError, createApp, plugin, type Plugin, run } from '@covet/core'
import { once } from 'node:events'
import { connect } from 'node:net'
import Type from 'typebox'

const schema = Type.Object({
  port: Type.Integer({ default: 0, minimum: 0, maximum: 65_535 }),
  store: Type.Object({ port: Type.Integer() }),
  jwtSecret: secret({ minLength: 32 }),
})
const AppConfig = configToken<typeof schema>()

class StoreUnreachableError extends CovetError {
  constructor(port: number, cause: unknown) {
    super('store/unreachable', `The store at 127.0.0.1:${port} does not answer. Start it, or set STORE_PORT.`, { cause })
  }
}

const store: Plugin<'config'> = plugin({
  name: 'store',
  needs: { config: AppConfig },
  async setup(app, { config }) {
    const socket = connect(config.store.port, '127.0.0.1')
    await once(socket, 'connect').catch((error: unknown) => {
      throw new StoreUnreachableError(config.store.port, error)
    })
    app.addHook('onClose', async () => void socket.destroy())
  },
})

await run(async () => {
  const settings = await loadConfig({ schema, dotenv: false, ...(process.env['CONFIG_FILE'] && { files: [process.env['CONFIG_FILE']] }) })
  const app = await createApp({ plugins: [store, config(settings)] })
  await app.listen({ port: settings.port, host: '127.0.0.1' })
})
