import { DatabaseError } from '../errors.ts'

/** The engine's driver does not read catalogues, or the database is not one of `createDb`. */
export class IntrospectionUnsupportedError extends DatabaseError {
  constructor(dialect: string) {
    super(
      'db/introspection-unsupported',
      `The schema of this database (${dialect}) cannot be read: its driver has no \`introspect\`. Use @covet/sqlite, @covet/postgres or @covet/mysql.`,
    )
  }
}

/** An enum type of PostgreSQL is there, and its values are not those that the columns to be created have. */
export class EnumTypeDiffersError extends DatabaseError {
  constructor(name: string, there: readonly string[], wanted: readonly string[]) {
    const list = (values: readonly string[]): string => values.map((value) => `'${value}'`).join(', ')
    super(
      'db/enum-type-differs',
      `The enum type ${name} is there with the values ${list(there)}, and the columns want ${list(wanted)}. Give the columns those values in that order, change the type (alter type ${name} add value …), or name another one.`,
    )
  }
}

/** The engine has nothing that means what the catalogue asks for. */
export class SchemaUnsupportedError extends DatabaseError {
  constructor(engine: string, what: string, instead: string) {
    super('db/schema-unsupported', `${engine} has no ${what}. ${instead}`)
  }
}
