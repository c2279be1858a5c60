import { plugin, type Plugin } from '@covet/core'
import { createOrm } from './orm.ts'
import { resolveOrmOptions, type OrmOptions } from './options.ts'
import { OrmToken } from './token.ts'

/** Provides `orm`. */
export const orm = (options: OrmOptions = {}): Plugin<never, 'orm'> => {
  const resolved = resolveOrmOptions(options)
  return plugin({
    name: '@covet/orm',
    provides: { orm: OrmToken },
    setup: () => ({ orm: createOrm(resolved) }),
  })
}
