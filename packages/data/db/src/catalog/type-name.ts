/** A type by its name; without a schema, wherever the session looks for it. */
export interface TypeName {
  readonly name: string
  readonly schema?: string
}

const part = String.raw`(?:"(?:[^"\0]|"")+"|[^".\0]+)`
const pattern = new RegExp(`^(?:(?<schema>${part})\\.)?(?<name>${part})$`, 'u')

/**
 * The name of a type as one writes it: `mood`, `sales.mood`, `sales."Order mood"`. What stands without quotes is taken as it
 * is, capitals too. Undefined for what is no name.
 */
export function parseTypeName(text: string): TypeName | undefined {
  const { schema, name } = pattern.exec(text)?.groups ?? {}
  if (name === undefined) return undefined
  return { name: unquoted(name), ...(schema !== undefined && { schema: unquoted(schema) }) }
}

/** The name in the SQL of PostgreSQL: in quotes, so that nothing in it is anything but a name. */
export function typeNameSql({ schema, name }: TypeName): string {
  return schema === undefined ? quoted(name) : `${quoted(schema)}.${quoted(name)}`
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function unquoted(part: string): string {
  return part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part
}
