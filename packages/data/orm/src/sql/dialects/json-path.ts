/** A path as SQLite, MariaDB and MySQL write it, every key quoted as a JSON string. */
export function jsonPath(path: readonly (string | number)[]): string {
  return `$${path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${JSON.stringify(key)}`)).join('')}`
}
