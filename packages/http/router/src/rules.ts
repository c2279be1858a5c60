import { type ValidatedPart, ValidationFailedError, type ValidationIssue } from '@covet/core'
import type { FastifyRequest } from 'fastify'

/** Where a rule's refusal is reported. */
export interface RuleReport {
  /** @default 'body' */
  in?: ValidatedPart
  /** JSON Pointer (RFC 6901) to the value within that part. @default '' (the part itself) */
  path?: string
  /** A phrase that reads after the value's name: "must equal password". */
  message: string
}

/** A rule across fields, checked when every schema is satisfied. */
export interface Rule<Input> {
  /** The issue's `keyword`. */
  readonly name: string
  holds(input: Input): boolean | Promise<boolean>
  readonly report: RuleReport
}

/**
 * Defines a rule: it refuses the request when `holds` answers `false`.
 * @example rule('passwords-match', ({ body }) => body.password === body.again, { path: '/again', message: 'must equal password' })
 */
export function rule<Input>(name: string, holds: (input: NoInfer<Input>) => boolean | Promise<boolean>, report: RuleReport): Rule<Input> {
  return { name, holds, report }
}

/** Asks every rule, so that all refusals arrive together. */
export function checkRules(rules: readonly Rule<never>[]): (request: FastifyRequest) => undefined | Promise<undefined> {
  return (request) => {
    const answers = rules.map((one) => one.holds(request as never))
    if (answers.every((answer) => typeof answer === 'boolean')) return refuse(rules, answers)
    return Promise.all(answers.map(async (answer) => answer)).then((settled) => refuse(rules, settled))
  }
}

function refuse(rules: readonly Rule<never>[], answers: readonly boolean[]): undefined {
  const broken = rules.filter((_, index) => answers[index] === false)
  if (broken.length > 0) throw new ValidationFailedError(broken.map(toIssue))
  return undefined
}

function toIssue({ name, report }: Rule<never>): ValidationIssue {
  return { in: report.in ?? 'body', path: report.path ?? '', keyword: name, message: report.message }
}
