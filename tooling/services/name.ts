import { randomBytes } from 'node:crypto'

/** A name no other test has: lower case letters and digits, valid as a database name everywhere. */
export function uniqueName(): string {
  return `covet_${Date.now().toString(36)}_${randomBytes(5).toString('hex')}`
}

/** Letters and digits only: it stands unescaped in URLs, SQL and configuration files. */
export function randomPassword(): string {
  return randomBytes(16).toString('hex')
}
