import { commonWords } from './common-words.ts'
import { InvalidPasswordOptionsError, PasswordTooCommonError, PasswordTooShortError } from './errors.ts'
import { countCodePoints, maxCodePoints, normalizePassword } from './normalize.ts'

export interface PolicyOptions {
  /** Shortest acceptable password, in code points (NIST SP 800-63B-4). @default 15 */
  minLength?: number
  /** The same for an account with a second factor. @default 8 */
  minLengthWithMfa?: number
  /** Words a password may not consist of; `false` accepts any, repeated characters too. @default the most common ones, bundled */
  blocklist?: readonly string[] | false
}

export interface PasswordContext {
  /** The account has a second factor. @default false */
  hasMfa?: boolean
  /** Words an attacker would try first: the application's name, the user's name, both halves of the e-mail address. */
  words?: readonly string[]
}

/** @throws the error that names the rule a new password breaks */
export type Policy = (password: string, context?: PasswordContext) => void

/** Shorter context words (`com`, `of`) would make harmless passwords look composed of them. */
const minContextWord = 3

/** @throws {InvalidPasswordOptionsError} */
export function createPolicy({ minLength = 15, minLengthWithMfa = 8, blocklist = commonWords }: PolicyOptions = {}): Policy {
  assertLength('policy.minLength', minLength)
  assertLength('policy.minLengthWithMfa', minLengthWithMfa)
  const blocked = blocklist && blocklist.flatMap(wordsOf)

  return (input, { hasMfa = false, words = [] } = {}) => {
    const password = normalizePassword(input)
    const shortest = hasMfa ? minLengthWithMfa : minLength
    if (countCodePoints(password) < shortest) throw new PasswordTooShortError(shortest)
    if (!blocked) return
    const context = words
      .map(wordsOf)
      .flatMap((parts) => [parts.join(''), ...parts])
      .filter((word) => word.length >= minContextWord)
    if (isRun(password) || consistsOf(password, [...context, ...blocked])) throw new PasswordTooCommonError()
  }
}

function assertLength(name: string, length: number): void {
  if (!Number.isInteger(length) || length < 1 || length > maxCodePoints) {
    throw new InvalidPasswordOptionsError(`${name} is ${length}. Use a whole number from 1 to ${maxCodePoints}.`)
  }
}

/** The words in a text, lower case, letters only. */
function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/\p{L}+/gu) ?? []
  )
}

/** Nothing is left of the letters once the words are taken out; digits and signs between them do not count. */
function consistsOf(password: string, words: readonly string[]): boolean {
  let letters = wordsOf(password).join('')
  if (letters === '') return false
  for (const word of words.toSorted((a, b) => b.length - a.length)) letters = letters.replaceAll(word, '')
  return letters === ''
}

/** One character repeated, or each the successor or predecessor of the one before: `1111`, `7890123`, `fedcba`. */
function isRun(password: string): boolean {
  const points = Array.from(password, (character) => character.codePointAt(0) ?? 0)
  const isDigits = /^\d+$/.test(password)
  const steps = new Set(points.slice(1).map((point, index) => step(point - (points[index] ?? 0), isDigits)))
  const [only] = steps
  return steps.size === 1 && only !== undefined && Math.abs(only) <= 1
}

/** Among digits 0 follows 9. */
function step(difference: number, isDigits: boolean): number {
  return isDigits && Math.abs(difference) === 9 ? -Math.sign(difference) : difference
}
