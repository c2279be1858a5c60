import { describe, expect, it } from '@jest/globals'
import type { FieldDefinition } from '../../src/fields/definition.ts'
import { f, timestamps } from '../../src/fields/f.ts'
import type { ModelStatic } from '../../src/types/model-static.ts'
import { ValidationError } from '../../src/validation/errors.ts'
import { existsRule, type Lookup, type Rule, unique } from '../../src/validation/rules.ts'
import { createValidate } from '../../src/validation/validate.ts'

const userShape = {
  id: f.id(),
  email: f.string({ max: 20 }),
  age: f.int().nullable(),
  total: f.bigint().default(0n),
  price: f.decimal(5, 2).default('0'),
  seen: f.datetime().nullable(),
  avatar: f.bytes().nullable(),
  'odd/name~': f.bool().default(false),
  nick: f
    .string()
    .check((nick) => (nick.endsWith(' ') ? 'must not end in a space' : undefined))
    .check((nick) => (nick.startsWith(' ') ? 'must not begin with a space' : undefined))
    .nullable(),
  ...timestamps(),
}
// The columns are what validation asks of a model; the class stands for its name here.
const User = class User {} as unknown as ModelStatic<typeof userShape>

interface Asked {
  column: string
  value: unknown
  except: unknown
}

function lookup(stored: readonly unknown[] = []): Lookup & { asked: Asked[]; described: number } {
  const asked: Asked[] = []
  const self = {
    asked,
    described: 0,
    columnsOf() {
      self.described++
      return Object.entries(userShape as Record<string, { definition: FieldDefinition }>).map(([property, { definition }]) => ({
        property,
        field: definition,
      }))
    },
    exists: (_model: unknown, column: string, value: unknown, except?: unknown) => {
      asked.push({ column, value, except })
      return Promise.resolve(stored.includes(value))
    },
  }
  return self
}

async function issuesOf(work: Promise<unknown>): Promise<[string, string, string][]> {
  const error = await work.then(
    () => undefined,
    (refused: unknown) => refused,
  )
  if (!(error instanceof ValidationError)) throw new Error('Nothing was refused.', { cause: error })
  return error.issues.map(({ path, keyword, message }) => [path, keyword, message])
}

describe('validate', () => {
  it('gives the values as the model holds them', async () => {
    const validate = createValidate(lookup())
    const value = { email: 'a@b.c', total: '9007199254740993', seen: '2026-01-02T03:04:05Z', avatar: 'AAEC' }
    expect(await validate(User, 'create', value)).toEqual({
      email: 'a@b.c',
      total: 9007199254740993n,
      seen: new Date('2026-01-02T03:04:05Z'),
      avatar: new Uint8Array([0, 1, 2]),
    })
  })

  it('takes values the model holds as well as their JSON', async () => {
    const validate = createValidate(lookup())
    const value = { email: 'a', total: 5n, seen: new Date(0), avatar: new Uint8Array([1]), age: null, nick: undefined }
    expect(await validate(User, 'create', value)).toEqual({
      email: 'a',
      total: 5n,
      seen: new Date(0),
      avatar: new Uint8Array([1]),
      age: null,
    })
    expect(await issuesOf(validate(User, 'create', { email: 'a', seen: new Date(Number.NaN) }))).toEqual([
      ['/seen', 'format', 'must be a valid date-time'],
    ])
  })

  it('lists everything that is wrong, each at its own path, as core does', async () => {
    const validate = createValidate(lookup())
    const value = {
      age: 'old',
      total: '1.5',
      price: 1000,
      isAdmin: true,
      'odd/name~': 1,
      nick: 'x'.repeat(300),
      ...JSON.parse('{"__proto__":1}'),
    }
    const issues = await issuesOf(validate(User, 'create', value))
    expect(issues.toSorted(([a], [b]) => a.localeCompare(b))).toEqual(
      [
        ['/__proto__', 'additionalProperties', 'is not a known member'],
        ['/age', 'type', 'must be integer or null'],
        ['/email', 'required', 'is required'],
        ['/isAdmin', 'additionalProperties', 'is not a known member'],
        ['/nick', 'maxLength', 'must be at most 255 characters long'],
        ['/odd~1name~0', 'type', 'must be a boolean'],
        ['/price', 'exclusiveMaximum', 'must be less than 1000'],
        ['/total', 'pattern', 'has the wrong form'],
      ].toSorted(([a = ''], [b = '']) => a.localeCompare(b)),
    )
  })

  it('refuses with what answers 400 and validation/failed', async () => {
    const refused = createValidate(lookup())(User, 'create', { email: 5 })
    await expect(refused).rejects.toMatchObject({
      code: 'validation/failed',
      statusCode: 400,
      issues: [{ in: 'body', path: '/email', keyword: 'type', message: 'must be a string' }],
    })
  })

  it('refuses what is no object', async () => {
    const validate = createValidate(lookup())
    for (const value of [null, [], 'text', 5]) {
      expect(await issuesOf(validate(User, 'create', value))).toEqual([['', 'type', 'must be an object']])
    }
  })

  it('asks for nothing in an update', async () => {
    expect(await createValidate(lookup())(User, 'update', { age: 5 })).toEqual({ age: 5 })
  })

  it('refuses integers beyond 64 bits', async () => {
    const validate = createValidate(lookup())
    expect(await validate(User, 'update', { total: '-9223372036854775808' })).toEqual({ total: -9223372036854775808n })
    expect(await issuesOf(validate(User, 'update', { total: '9223372036854775808' }))).toEqual([
      ['/total', 'range', 'must be a 64 bit integer'],
    ])
  })

  it('refuses text with a NUL character, which its schema takes', async () => {
    const validate = createValidate(lookup())
    expect(await issuesOf(validate(User, 'update', { email: 'a\0@x.org', nick: '\0' }))).toEqual([
      ['/email', 'text', 'must not have a NUL character'],
      ['/nick', 'text', 'must not have a NUL character'],
    ])
  })

  it("asks the fields' own checks, and stops at the first that refuses", async () => {
    const validate = createValidate(lookup())
    expect(await issuesOf(validate(User, 'update', { nick: ' x ' }))).toEqual([['/nick', 'check', 'must not end in a space']])
    expect(await validate(User, 'update', { nick: 'x' })).toEqual({ nick: 'x' })
    expect(await validate(User, 'update', { nick: null })).toEqual({ nick: null })
  })

  it('asks the database whether a value is free, the row itself apart', async () => {
    const db = lookup(['taken'])
    const validate = createValidate(db)
    const rules = { email: unique(User, 'email', { except: 7 }) }
    expect(await validate(User, 'update', { email: 'free' }, rules)).toEqual({ email: 'free' })
    expect(await issuesOf(validate(User, 'update', { email: 'taken' }, rules))).toEqual([['/email', 'unique', 'is already taken']])
    expect(db.asked).toEqual([
      { column: 'email', value: 'free', except: 7 },
      { column: 'email', value: 'taken', except: 7 },
    ])
  })

  it('asks the database whether a value is there', async () => {
    const validate = createValidate(lookup([3]))
    expect(await validate(User, 'update', { age: 3 }, { age: existsRule(User, 'age') })).toEqual({ age: 3 })
    expect(await issuesOf(validate(User, 'update', { age: 4 }, { age: existsRule(User, 'age') }))).toEqual([
      ['/age', 'exists', 'does not exist'],
    ])
  })

  it('asks the database nothing about values that are wrong or not there', async () => {
    const db = lookup()
    const validate = createValidate(db)
    const rules = { email: unique(User, 'email'), age: existsRule(User, 'age') }
    await issuesOf(validate(User, 'update', { email: 5 }, rules))
    await validate(User, 'update', { age: null }, rules)
    expect(db.asked).toEqual([])
  })

  it('asks the rules of one property in order, until one refuses', async () => {
    const asked: string[] = []
    const rule = (keyword: string, message?: string): Rule => ({
      keyword,
      check: () => {
        asked.push(keyword)
        return Promise.resolve(message)
      },
    })
    const rules = { age: [rule('first'), rule('second', 'is odd'), rule('third')] }
    expect(await issuesOf(createValidate(lookup())(User, 'update', { age: 3 }, rules))).toEqual([['/age', 'second', 'is odd']])
    expect(asked).toEqual(['first', 'second'])
  })

  it('lets a failure of the database through as it is', async () => {
    const db = { ...lookup(), exists: () => Promise.reject(new Error('gone')) }
    await expect(createValidate(db)(User, 'update', { age: 3 }, { age: existsRule(User, 'age') })).rejects.toThrow('gone')
  })

  it('looks at a model once', async () => {
    const db = lookup()
    const validate = createValidate(db)
    await validate(User, 'update', {})
    await validate(User, 'update', {})
    expect(db.described).toBe(1)
  })
})
