import { AppMode, plugin, requestScope, type Plugin } from '@covet/core'
import { Database } from '@covet/db'
import { bind, isBound } from './binding.ts'
import { checkModels } from './boot.ts'
import { useKeys } from './crypto/key-service.ts'
import type { OrmOptions } from './options.ts'
import { Models } from './models.ts'

/** Binds models to the application's database, and checks at boot that they fit together. */
export function orm({ models, connection, keys }: OrmOptions): Plugin<'database', 'models'> {
  return plugin({
    name: '@covet/orm',
    needs: { database: Database },
    optional: { mode: AppMode },
    provides: { models: Models },
    setup(app, { database, mode }) {
      for (const warning of checkModels(models)) app.log.warn(warning)
      const own = connection === undefined ? database : database.connection(connection)
      // A second application of this process tells its database by the request.
      if (mode !== 'production' || models.some(isBound)) requestScope.enter(app)
      const undo = [bind(models, own), ...(keys ? [useKeys(keys)] : [])]
      return { models: { all: models, database: own, close: () => undo.forEach((step) => step()) } }
    },
  })
}
