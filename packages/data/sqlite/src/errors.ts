import { CovetError } from '@covet/core'
import { DatabaseError } from '@covet/db'

/** An option of `sqlite()` has a value that means nothing. */
export class InvalidSqliteOptionError extends CovetError {
  constructor(option: string, value: unknown, expected: string) {
    super('sqlite/invalid-option', `sqlite(): \`${option}\` is ${JSON.stringify(value) ?? 'missing'}, but must be ${expected}.`)
  }
}

/** The folder of the database's file does not exist. */
export class MissingFolderError extends DatabaseError {
  constructor(folder: string, file: string) {
    super('sqlite/missing-folder', `The folder ${folder} for the database ${file} does not exist. Create it, or change \`file\`.`)
  }
}
