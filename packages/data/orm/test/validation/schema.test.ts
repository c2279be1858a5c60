import { describe, expect, it } from '@jest/globals'
import { Compile } from 'typebox/compile'
import { f, timestamps } from '../../src/fields/f.ts'
import type { Field } from '../../src/fields/field.ts'
import type { FieldDefinition } from '../../src/fields/definition.ts'
import { schemaOf, type SchemaColumn } from '../../src/validation/schema-of.ts'

function columns(fields: Readonly<Record<string, { readonly definition: FieldDefinition }>>): SchemaColumn[] {
  return Object.entries(fields).map(([property, { definition }]) => ({ property, field: definition }))
}

const article = columns({
  id: f.id(),
  title: f.string({ max: 5 }),
  role: f.enum(['a', 'b']).default('a'),
  note: f.text().nullable(),
  secret: f.string().hidden(),
  sum: f.int().generated(),
  ...timestamps(),
})

/** Whether a field takes each value in a create. */
function takes(field: { readonly definition: FieldDefinition }, ...values: readonly unknown[]): boolean[] {
  const check = Compile(schemaOf(columns({ value: field }), 'create'))
  return values.map((value) => check.Check({ value }))
}

describe('the schema of a model', () => {
  it('for a create asks for what has no value otherwise, and for nothing the engine computes', () => {
    const schema = schemaOf(article, 'create')
    expect(schema.required).toEqual(['title', 'secret'])
    expect(Object.keys(schema.properties)).toEqual(['id', 'title', 'role', 'note', 'secret', 'createdAt', 'updatedAt'])
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false, properties: { role: { default: 'a' } } })
  })

  it('for an update asks for nothing, and offers no defaults', () => {
    const schema = schemaOf(article, 'update')
    expect(schema.required).toBeUndefined()
    expect(schema.properties['role']).toMatchObject({ type: 'string', enum: ['a', 'b'] })
    expect(schema.properties['role']).not.toHaveProperty('default')
    expect(schema).toMatchObject({ additionalProperties: false })
  })

  it('for an answer has every column but hidden ones', () => {
    const schema = schemaOf(article, 'read')
    expect(Object.keys(schema.properties)).toEqual(['id', 'title', 'role', 'note', 'sum', 'createdAt', 'updatedAt'])
    expect(schema.required).toEqual(Object.keys(schema.properties))
    expect(schema).not.toHaveProperty('additionalProperties')
  })

  it('leaves out a default that is a function or no JSON value', () => {
    const { properties } = schemaOf(columns({ a: f.uuid(), b: f.datetime().default(new Date(0)), c: f.int().default(0) }), 'create')
    expect(properties['a']).not.toHaveProperty('default')
    expect(properties['b']).not.toHaveProperty('default')
    expect(properties['c']).toHaveProperty('default', 0)
  })

  it('holds text to its length', () => {
    expect(takes(f.string({ max: 3 }), 'abc', 'abcd', 5, null)).toEqual([true, false, false, false])
    expect(takes(f.text(), 'x'.repeat(100_000), 5)).toEqual([true, false])
  })

  it('takes integers that a number holds exactly', () => {
    expect(takes(f.int(), 0, -(2 ** 53) + 1, 2 ** 53, 1.5, '1')).toEqual([true, true, false, false, false])
    expect(takes(f.float(), 1.5, '1.5')).toEqual([true, false])
  })

  it('takes 64 bit integers as text', () => {
    expect(takes(f.bigint(), '9007199254740993', '-1', '0', '007', '1.0', 1, '12345678901234567890')).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ])
  })

  it('holds a decimal to its digits, before and after the point', () => {
    expect(takes(f.decimal(5, 2), '123.45', '-1', '1234', '1.234', '.5', 999.99, 1000, '1e2')).toEqual([
      true,
      true,
      false,
      false,
      false,
      true,
      false,
      false,
    ])
    expect(takes(f.decimal(3, 0), '123', '1.0')).toEqual([true, false])
    expect(takes(f.decimal(2, 2), '0.25', '1.25', '-0.5')).toEqual([true, false, true])
    expect(schemaOf(columns({ d: f.decimal(4, 2) }), 'read').properties['d']).toHaveProperty('type', 'string')
  })

  it('knows the forms of times, days, UUIDs and bytes', () => {
    expect(takes(f.datetime(), '2026-01-02T03:04:05.678Z', '2026-01-02')).toEqual([true, false])
    expect(takes(f.date(), '2024-02-29', '2023-02-29', '2024-1-1')).toEqual([true, false, false])
    expect(takes(f.time(), '23:59:59', '23:59:59.123', '24:00:00', '10:00')).toEqual([true, true, false, false])
    expect(takes(f.uuid(), '01890a5d-ac96-774b-bcce-b302099a8057', 'x')).toEqual([true, false])
    expect(takes(f.bytes(), 'AAEC', 'AA==', 'AA', '-')).toEqual([true, true, false, false])
    expect(takes(f.bool(), true, 1)).toEqual([true, false])
  })

  it('takes null where a column does, whatever its type', () => {
    const nullable: Field<unknown, unknown>[] = [
      f.int().nullable(),
      f.enum(['a']).nullable(),
      f.decimal(3, 1).nullable(),
      f.json().nullable(),
    ] as unknown as Field<unknown, unknown>[]
    for (const field of nullable) expect(takes(field, null)).toEqual([true])
    expect(takes(f.enum(['a']).nullable(), 'a', 'b')).toEqual([true, false])
    expect(takes(f.json(), { deep: [1] }, 'text')).toEqual([true, true])
  })
})
