import type { Database, ServerInfo } from '@covet/db'

/** A database that calls its server something else. */
export function saidToBe(db: Database, product: string): Database {
  return new Proxy(db, {
    get(target, name) {
      if (name === 'server') return (): ServerInfo => ({ product, version: [8, 0, 36] })
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
