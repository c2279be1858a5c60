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

/** The engine has nothing that means what the catalogue asks for. */
export class SchemaUnsupportedError extends DatabaseError {
  constructor(engine: string, what: string, instead: string) {
    super('db/schema-unsupported', `${engine} has no ${what}. ${instead}`)
  }
}
