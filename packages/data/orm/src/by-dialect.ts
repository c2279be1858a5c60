import type { Database } from '@covet/db'

/** What is made once per key and engine, and kept for as long as the key is. */
export function byDialect<Key extends object, Made>(make: (key: Key, dialect: string) => Made): (key: Key, database: Database) => Made {
  const made = new WeakMap<Key, Map<string, Made>>()

  function makeFirst(key: Key, dialect: string): Made {
    const ofKey = made.get(key) ?? new Map<string, Made>()
    const first = make(key, dialect)
    made.set(key, ofKey.set(dialect, first))
    return first
  }

  return (key, { dialect }) => made.get(key)?.get(dialect) ?? makeFirst(key, dialect)
}
