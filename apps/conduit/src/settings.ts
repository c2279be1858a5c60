import { loadConfig, secret, type Settings as SettingsOf } from '@covet/config'
import { resolve } from 'node:path'
import Type from 'typebox'

/** Relative files belong to the application, wherever it was started from. */
const appFolder = resolve(import.meta.dirname, '..')

const schema = Type.Object({
  host: Type.String({ default: '127.0.0.1' }),
  port: Type.Integer({ default: 3000, minimum: 0, maximum: 65_535 }),
  database: Type.Object({
    /** Its folder is made when it is missing. */
    file: Type.String({ default: '.covet/conduit.db' }),
  }),
  /** Signs the API's tokens. Anyone may read the development value, so production refuses it. */
  jwtSecret: secret({ minLength: 32, development: 'Zx0mQ9rT4vK7bN2eW8sL5uH1pYc3JdGa6fRoXiEt' }),
  /** Whether the first start writes a few users and articles. */
  demoData: Type.Boolean({ default: true }),
})

export type Settings = SettingsOf<typeof schema>

/** Reads the `.env` files beside package.json and the environment: HOST, PORT, DATABASE_FILE, JWT_SECRET, DEMO_DATA. */
export async function loadSettings(env: NodeJS.ProcessEnv = process.env): Promise<Settings> {
  const settings = await loadConfig({ schema, env, root: appFolder })
  return { ...settings, database: { file: resolve(appFolder, settings.database.file) } }
}
