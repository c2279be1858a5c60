import { introspect } from '@covet/db/catalog'
import { adaptCatalog } from '@covet/db/catalog'
import { describe, expect, it } from '@jest/globals'
import { belongsTo, errors, f, hasMany, hasOne, manyToMany, Model, polymorphic } from '../src/index.ts'
import { catalogOf } from '../src/schema/catalog-of.ts'
import { Account, Article, Author, blog, Line } from './support/articles.ts'
import { onEachEngine } from './support/engines.ts'

class Person extends Model('people', {
  id: f.id(),
  name: f.string({ max: 80 }),
  home: hasOne(() => Home),
  secrets: hasMany(() => Remark),
  friends: manyToMany(() => Person),
}) {}
class Home extends Model('homes', {
  id: f.uuid(),
  street: f.string(),
  owner: belongsTo(() => Person, { onDelete: 'setNull', onUpdate: 'cascade' }).nullable(),
}) {}
class Remark extends Model(
  'remarks',
  {
    id: f.bigid(),
    text: f.text().encrypted(),
    about: polymorphic({ person: () => Person, line: () => Person }),
    rating: f.decimal(6, 2).default('1.5'),
    at: f.datetime().default(new Date('2026-01-01T00:00:00Z')),
    state: f.enum(['open', 'closed']).default('open'),
    tags: f.json<string[]>().default(['a']),
    active: f.bool().default(true),
    raw: f.bytes().default(new Uint8Array([1, 255])),
    big: f.bigint().default(5n),
    clock: f.time(),
    person: belongsTo(() => Person),
  },
  { unique: [['state', 'rating']], index: [['at', 'active']] },
) {}
class Part extends Model('parts', {
  id: f.id(),
  tenantId: f.int(),
  lineNumber: f.int(),
  line: belongsTo(() => Line, { fk: { tenantId: 'tenantId', lineNumber: 'number' } }),
}) {}

describe('the catalogue of models', () => {
  const { tables } = catalogOf([Person, Home, Remark])
  const table = (name: string): (typeof tables)[number] => tables.find((other) => other.name === name) as (typeof tables)[number]

  it('has a table per model and per junction that is none', () => {
    expect(tables.map(({ name }) => name)).toEqual(['people', 'homes', 'remarks', 'people_friends'])
    expect(catalogOf([...blog]).tables.map(({ name }) => name)).toContain('articles_labels')
  })

  it('makes the foreign key of a one-to-one relation unique (Q12)', () => {
    expect(table('homes').uniques).toEqual([{ columns: ['owner_id'] }])
    expect(table('homes').indexes).toEqual([])
    expect(table('homes').foreignKeys).toEqual([
      { columns: ['owner_id'], references: { table: 'people', columns: ['id'] }, onDelete: 'set null', onUpdate: 'cascade' },
    ])
    expect(catalogOf([Home]).tables[0]?.uniques).toEqual([])
  })

  it('has both keys of a junction cascade, with an index for the way back (Q11)', () => {
    expect(table('people_friends')).toMatchObject({
      primaryKey: ['from_id', 'to_id'],
      foreignKeys: [
        { columns: ['from_id'], references: { table: 'people' }, onDelete: 'cascade' },
        { columns: ['to_id'], references: { table: 'people' }, onDelete: 'cascade' },
      ],
      indexes: [{ parts: [{ column: 'to_id' }], unique: false }],
    })
  })

  it('has literal defaults, several columns per key, and text for what is encrypted', () => {
    const remarks = table('remarks')
    const defaults = Object.fromEntries(
      remarks.columns.flatMap(({ name, default: value }) => (value?.kind === 'literal' ? [[name, value.value]] : [])),
    )
    expect(defaults).toEqual({
      rating: '1.50',
      at: '2026-01-01T00:00:00.000Z',
      state: 'open',
      tags: '["a"]',
      active: true,
      raw: '01ff',
      big: 5,
    })
    expect(remarks.columns.find(({ name }) => name === 'text')?.type).toEqual({ kind: 'text' })
    expect(remarks.uniques).toEqual([{ columns: ['state', 'rating'] }])
    expect(remarks.indexes.map(({ parts }) => parts.map((part) => 'column' in part && part.column))).toEqual([
      ['person_id'],
      ['at', 'active'],
      ['about_type', 'about_id'],
    ])
    expect(catalogOf([Part, Line]).tables[0]?.foreignKeys).toEqual([
      {
        columns: ['tenant_id', 'line_number'],
        references: { table: 'order_lines', columns: ['tenant_id', 'number'] },
        onDelete: 'no action',
        onUpdate: 'no action',
      },
    ])
  })

  it('has partial unique indexes where rows are deleted softly (Q17)', () => {
    const [accounts] = catalogOf([Account]).tables
    expect(accounts?.uniques).toEqual([])
    expect(accounts?.indexes).toEqual([
      { name: 'accounts_login_key', parts: [{ column: 'login' }], unique: true, where: '"deleted_at" is null' },
    ])
  })

  it('is refused for a column the engine computes in a way nobody said', () => {
    class Sum extends Model('sums', { id: f.id(), total: f.int().generated() }) {}
    expect(() => catalogOf([Sum])).toThrow(errors.ModelDefinitionError)
  })

  it('has one table for a model and its subclasses', () => {
    class Employee extends Person {}
    expect(catalogOf([Employee, Home, Remark]).tables).toHaveLength(4)
    expect(catalogOf([Author, Article])).toBeDefined()
  })
})

onEachEngine('the tables of models', (open) => {
  it('are what the catalogue says', async () => {
    const models = [Person, Home, Remark, Account, Part, Line]
    await using at = await open(models)
    const server = await at.db.withConnection((connection) => connection.server)
    const found = await introspect(at.db)
    expect(found).toEqual(adaptCatalog(catalogOf(models), at.db.dialect, server))
  })
})
