import { CovetError } from '@covet/core'
import { DatabaseError } from '@covet/db'

/** An option of `mysql()` has a value that means nothing. */
export class InvalidMysqlOptionError extends CovetError {
  constructor(option: string, value: unknown, expected: string) {
    super('mysql/invalid-option', `mysql(): \`${option}\` is ${JSON.stringify(value) ?? 'missing'}, but must be ${expected}.`)
  }
}

/** The server is older than what this driver works with. */
export class UnsupportedServerError extends DatabaseError {
  constructor(server: string) {
    super('mysql/unsupported-server', `The server is ${server}, but must be MariaDB 10.6, MySQL 8.0 or newer.`)
  }
}

/** A statement changed a setting on which escaping, time or transactions rest. The connection was closed. */
export class SessionSettingError extends DatabaseError {
  constructor(setting: string) {
    super(
      'mysql/session-setting',
      `The statement changed ${setting} of its session, on which every later statement relies. The connection was closed; leave the setting alone.`,
    )
  }
}

/** A statement ended the transaction around it, as a procedure that commits does. */
export class TransactionEndedError extends DatabaseError {
  constructor(verb: string) {
    super(
      'mysql/transaction-ended',
      `${verb.toUpperCase()} committed the transaction around it, and nothing more of it was run. Call what commits outside of db.transaction.`,
    )
  }
}
