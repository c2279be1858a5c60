import { nodeSqlite } from '../../src/contract/node-sqlite.ts'
import { connectionPlugin, resolveConnectionOptions } from '../../src/index.ts'

/** In the place of `@covet/sqlite`, which this package cannot use: it depends on this one. */
export function sqlite({ file }: { file: string }): ReturnType<typeof connectionPlugin> {
  return connectionPlugin('sqlite', { driver: nodeSqlite(file), options: resolveConnectionOptions({}) })
}
