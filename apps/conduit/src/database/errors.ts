import { CovetError } from '@covet/core'

/** The database is in use, and not by these models: by another application, or by an older version of this one. */
export class ForeignTablesError extends CovetError {
  constructor(tables: readonly string[]) {
    super(
      'conduit/foreign-tables',
      `The database has tables (${tables.join(', ')}), but not those of Conduit's models. Name another file by DATABASE_FILE, or delete this one to begin anew.`,
    )
  }
}
