import type { ValidationIssue } from '@covet/core'
import { maxInt64, minInt64 } from '@covet/db'
import type { FieldDefinition } from '../fields/definition.ts'
import type { Insert, Update } from '../types/row.ts'
import type { Constructor, ShapeOf } from '../types/shape.ts'
import { ValidationError } from './errors.ts'
import { type CompiledSchema, compileSchema, issue, pointer, schemaIssues } from './issues.ts'
import { fromJsonValue, toJsonValue } from './json-values.ts'
import type { Lookup, Rule } from './rules.ts'
import { schemaOf, type SchemaColumn } from './schema-of.ts'

/** Rules by property, in the order they are asked; a property without a value is not asked about. */
export type Rules<Values> = { readonly [P in keyof Values]?: Rule | readonly Rule[] }

/**
 * Checks a value against a model: types, lengths and forms, the fields' own checks, then the rules, which ask the database.
 * @returns the values as the model holds them: times as Date, 64 bit integers as bigint
 * @throws {ValidationError} with every issue of the first of these that has one
 */
export interface Validate {
  <T>(model: Constructor<T>, purpose: 'create', value: unknown, rules?: Rules<Insert<ShapeOf<T>>>): Promise<Insert<ShapeOf<T>>>
  <T>(model: Constructor<T>, purpose: 'update', value: unknown, rules?: Rules<Update<ShapeOf<T>>>): Promise<Update<ShapeOf<T>>>
}

type Purpose = 'create' | 'update'
type Given = Readonly<Record<string, unknown>>

interface Checked {
  readonly fields: ReadonlyMap<string, FieldDefinition>
  readonly schemas: Readonly<Record<Purpose, CompiledSchema>>
}

/** Validation over models, whose queries are those of `lookup`. */
export function createValidate(lookup: Lookup): Validate {
  const known = new WeakMap<object, Checked>()
  const checkedOf = (model: Constructor<unknown>): Checked => {
    const found = known.get(model) ?? prepare(lookup.columnsOf(model))
    known.set(model, found)
    return found
  }
  const validate = async (model: Constructor<unknown>, purpose: Purpose, value: unknown, rules: Rules<Given> = {}): Promise<Given> => {
    const { fields, schemas } = checkedOf(model)
    const json = asJson(value)
    refuse(schemaIssues(schemas[purpose], json))
    // Only own members of the schema are there now: unknown ones were refused.
    const values = held(json as Given, fields)
    refuse(fieldIssues(values, fields))
    refuse(await ruleIssues(values, rules, lookup))
    return values
  }
  return validate as Validate
}

function prepare(columns: readonly SchemaColumn[]): Checked {
  return {
    fields: new Map(columns.map(({ property, field }) => [property, field])),
    schemas: { create: compileSchema(schemaOf(columns, 'create')), update: compileSchema(schemaOf(columns, 'update')) },
  }
}

/** A member that is undefined is one that is not there. */
function asJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const given = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(given.map(([name, member]) => [name, toJsonValue(member)]))
}

function held(json: Given, fields: Checked['fields']): Given {
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => {
      const field = fields.get(name)
      return [name, field ? fromJsonValue(field, value) : value]
    }),
  )
}

/** What a schema cannot say, or only unreadably: the range of 64 bits, NUL characters, and the checks of the fields. */
function fieldIssues(values: Given, fields: Checked['fields']): ValidationIssue[] {
  return Object.entries(values).flatMap(([name, value]) => {
    if (value === null) return []
    if (typeof value === 'bigint' && (value < minInt64 || value > maxInt64))
      return [issue(pointer(name), 'range', 'must be a 64 bit integer')]
    if (typeof value === 'string' && value.includes('\0')) return [issue(pointer(name), 'text', 'must not have a NUL character')]
    const refused = (fields.get(name)?.checks ?? []).map((check) => check(value)).find((message) => message !== undefined)
    return refused === undefined ? [] : [issue(pointer(name), 'check', refused)]
  })
}

async function ruleIssues(values: Given, rules: Rules<Given>, lookup: Lookup): Promise<ValidationIssue[]> {
  const asked = Object.entries(rules).filter(([name]) => values[name] !== undefined && values[name] !== null)
  const answers = await Promise.all(
    asked.map(async ([name, given]) => {
      const refusal = await firstRefusal(given === undefined ? [] : [given].flat(), values[name], lookup)
      return refusal && issue(pointer(name), refusal.keyword, refusal.message)
    }),
  )
  return answers.filter((answer) => answer !== undefined)
}

async function firstRefusal(
  rules: readonly Rule[],
  value: unknown,
  lookup: Lookup,
): Promise<{ keyword: string; message: string } | undefined> {
  for (const rule of rules) {
    const message = await rule.check(value, lookup)
    if (message !== undefined) return { keyword: rule.keyword, message }
  }
  return undefined
}

function refuse(issues: readonly ValidationIssue[]): void {
  if (issues.length > 0) throw new ValidationError(issues)
}
