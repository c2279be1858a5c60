import { describe, expect, it } from '@jest/globals'
import { InvalidFieldError } from '../../src/fields/errors.ts'
import { f, timestamps } from '../../src/fields/f.ts'
import { uuidv7 } from '../../src/fields/uuid.ts'
import { belongsTo } from '../../src/relations/belongs-to.ts'
import { InvalidRelationError } from '../../src/relations/errors.ts'
import { hasMany, hasOne } from '../../src/relations/has.ts'
import { manyToMany } from '../../src/relations/many-to-many.ts'
import { polymorphic } from '../../src/relations/polymorphic.ts'

class Post {}

describe('a field', () => {
  it('remembers what was said of it', () => {
    const check = (): undefined => undefined
    const field = f.string({ max: 9, ci: true }).nullable().default('x').unique().index().hidden().column('the_name').check(check)
    expect(field.kind).toBe('field')
    expect(field.definition).toEqual({
      type: 'string',
      nullable: true,
      max: 9,
      ci: true,
      default: 'x',
      unique: true,
      index: true,
      hidden: true,
      column: 'the_name',
      checks: [check],
    })
    expect(f.int().primary().definition).toEqual({ type: 'int', nullable: false, primary: true })
    expect(f.int().generated().definition).toEqual({ type: 'int', nullable: false, generated: true })
    expect(f.text().encrypted().ci().definition).toEqual({ type: 'text', nullable: false, encrypted: true, ci: true })
  })

  it('is not changed by its methods, so that models can share it', () => {
    const name = f.string()
    const other = name.nullable().unique()
    expect(name.definition).toEqual({ type: 'string', nullable: false, max: 255 })
    expect(other).not.toBe(name)
    expect(Object.isFrozen(name.definition)).toBe(true)
  })

  it('has a definition for each type', () => {
    expect(f.id().definition).toEqual({ type: 'id', nullable: false, primary: true })
    expect(f.bigid().definition).toEqual({ type: 'bigid', nullable: false, primary: true })
    expect(f.decimal(10, 2).definition).toEqual({ type: 'decimal', nullable: false, precision: 10, scale: 2 })
    expect(f.enum(['a', 'b']).definition).toEqual({ type: 'enum', nullable: false, values: ['a', 'b'] })
    const plain = {
      text: f.text(),
      int: f.int(),
      bigint: f.bigint(),
      float: f.float(),
      bool: f.bool(),
      datetime: f.datetime(),
      date: f.date(),
    }
    const rest = { time: f.time(), json: f.json(), bytes: f.bytes() }
    for (const [type, field] of Object.entries({ ...plain, ...rest })) expect(field.definition).toEqual({ type, nullable: false })
  })

  it('has duties of its own where it says so', () => {
    expect(timestamps().createdAt.definition).toMatchObject({ type: 'datetime', duty: 'createdAt' })
    expect(timestamps().updatedAt.definition).toMatchObject({ type: 'datetime', duty: 'updatedAt' })
    expect(f.deletedAt().definition).toMatchObject({ type: 'datetime', nullable: true, duty: 'deletedAt' })
    expect(f.version().definition).toMatchObject({ type: 'int', default: 1, duty: 'version' })
  })

  it('refuses arguments that mean nothing', () => {
    expect(() => f.string({ max: 0 })).toThrow(InvalidFieldError)
    expect(() => f.string({ max: 1.5 })).toThrow('f.string({ max }): 1.5 is not an integer from 1 to 65535.')
    expect(() => f.decimal(66, 2)).toThrow(InvalidFieldError)
    expect(() => f.decimal(4, 5)).toThrow('scale: 5 is not an integer from 0 to 4.')
    expect(() => f.enum([])).toThrow('at least one value')
    expect(() => f.enum(['a', 'a'])).toThrow("'a' is listed twice.")
    expect(() => f.enum([5 as unknown as string])).toThrow('value 0 is no string.')
    expect(() => f.int().default(undefined as unknown as number)).toThrow('undefined is no value')
    expect(() => f.int().column(' ')).toThrow('the name is empty')
    expect(() => f.int().ci()).toThrow('f.int() has no case')
  })
})

describe('a UUID of a field', () => {
  it('is of version 7, and sorts in the order of creation within a millisecond and when the clock steps back', () => {
    const made = Array.from({ length: 10_000 }, (_, index) => uuidv7(1_800_000_000_000 - (index % 7)))
    for (const id of made) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(made).toEqual(made.toSorted())
    expect(new Set(made).size).toBe(made.length)
  })

  it('begins with the time', () => {
    const id = uuidv7(4_000_000_000_000)
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(4_000_000_000_000)
  })

  it('is what f.uuid() stores where nothing was given', () => {
    expect((f.uuid().definition.default as () => string)()).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('a relation', () => {
  const post = (): typeof Post => Post

  it('remembers what was said of it, without asking for the target', () => {
    let asked = 0
    const target = (): typeof Post => {
      asked++
      return Post
    }
    expect(hasMany(target, { fk: 'writerId' }).definition).toEqual({ kind: 'hasMany', nullable: false, target, fk: 'writerId' })
    expect(hasOne(target, { inverse: 'owner' }).definition).toEqual({ kind: 'hasOne', nullable: false, target, inverse: 'owner' })
    expect(belongsTo(target, { onDelete: 'cascade', onUpdate: 'setNull', index: false, unique: true }).nullable().definition).toEqual({
      kind: 'belongsTo',
      nullable: true,
      target,
      onDelete: 'cascade',
      onUpdate: 'setNull',
      index: false,
      unique: true,
    })
    expect(belongsTo(target, { fk: { tenantId: 'tenantId', postId: 'id' } }).definition.fk).toEqual({ tenantId: 'tenantId', postId: 'id' })
    expect(manyToMany(target, { through: target }).definition).toEqual({ kind: 'manyToMany', nullable: false, target, through: target })
    expect(manyToMany(target, { table: 't', inverse: 'i' }).definition).toMatchObject({ table: 't', inverse: 'i' })
    expect(polymorphic({ post: target }).nullable().definition).toEqual({ kind: 'polymorphic', nullable: true, targets: { post: target } })
    expect(
      [hasMany(target), hasOne(target), belongsTo(target), manyToMany(target), polymorphic({ post: target })].map(({ kind }) => kind),
    ).toEqual(['hasMany', 'hasOne', 'belongsTo', 'manyToMany', 'polymorphic'])
    expect(asked).toBe(0)
  })

  it('refuses what is no function, and a class where a function that gives one is meant', () => {
    expect(() => hasMany(5 as unknown as () => unknown)).toThrow(
      'hasMany: takes a function that gives the model, hasMany(() => Post), not a value of type number.',
    )
    expect(() => belongsTo(null as unknown as () => unknown)).toThrow(InvalidRelationError)
    expect(() => hasOne(Post)).toThrow('write hasOne(() => Post).')
    expect(() => polymorphic({ post: Post })).toThrow('write polymorphic(() => Post).')
  })

  it('refuses options that mean nothing', () => {
    expect(() => belongsTo(post, { onDelete: 'explode' as 'cascade' })).toThrow(
      "`onDelete` is 'explode', but must be one of cascade, restrict, setNull, noAction.",
    )
    expect(() => belongsTo(post, { fk: {} })).toThrow('`fk` names no property.')
    expect(() => belongsTo(post, { fk: { a: '' } })).toThrow('`fk.a` must be a name, not an empty one.')
    expect(() => hasMany(post, { fk: 5 as unknown as string })).toThrow('`fk` must be a name, not a value of type number.')
    expect(() => manyToMany(post, { through: post, table: 't' })).toThrow('`through` is a model')
    expect(() => polymorphic({})).toThrow('polymorphic: names no model.')
  })
})
