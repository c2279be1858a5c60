import type { Node } from '../expressions/node.ts'
import { EncryptedFieldError } from './errors.ts'

/** @throws {EncryptedFieldError} for a column whose values no engine can compare */
export function assertOpen(of: Node, where: string): void {
  if (of.kind === 'column' && of.column.field.encrypted) throw new EncryptedFieldError(where)
}
