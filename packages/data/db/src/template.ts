import { NotATemplateError } from './errors.ts'

/** A string in place of a template's strings would be SQL somebody put together: the way injections come in. */
export function assertTemplate(strings: TemplateStringsArray): void {
  if (!Array.isArray(strings) || !Array.isArray(strings.raw)) throw new NotATemplateError()
}
