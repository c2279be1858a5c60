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

/** @param text as the engine has it; JSON's null is told apart from SQL's NULL, which no codec sees */
export function decodeJson(text: string): unknown {
  const value: unknown = JSON.parse(text)
  return value === null ? JsonNull : value
}
