import { JsonNull } from './check.ts'
import { InvalidValueError } from '../errors.ts'

/** @throws {InvalidValueError} for what JSON cannot hold, a cycle or a bigint among it */
export function encodeJson(value: unknown): string {
  if (value === JsonNull) return 'null'
  let text: string | undefined
  try {
    text = JSON.stringify(value)
  } catch (error) {
    throw new InvalidValueError(
      'A json field',
      `the value cannot be written as JSON: ${error instanceof Error ? error.message : String(error)}.`,
    )
  }
  if (text === undefined) throw new InvalidValueError('A json field', 'the value cannot be written as JSON.')
  return text
}

// An escaped backslash in front makes the rest of it plain text.
const escapedNul = /(?<!\\)(?:\\\\)*\\u0000/

/**
 * The text that an engine stores. PostgreSQL's jsonb refuses NUL characters, so all engines do.
 * @throws {InvalidValueError}
 */
export function storedJson(value: unknown): string {
  const text = encodeJson(value)
  // Hardly any text has the letters, and to look for them is quicker than the expression.
  if (text.includes('\\u0000') && escapedNul.test(text))
    throw new InvalidValueError('A json field', 'a string of the value has a NUL character, which not every engine can store.')
  return text
}

/** @param text as the engine has it; JSON's null is told apart from SQL's NULL, which no codec sees */
export function decodeJson(text: string): unknown {
  const value: unknown = JSON.parse(text)
  return value === null ? JsonNull : value
}
