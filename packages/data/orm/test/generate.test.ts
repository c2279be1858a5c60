import { adaptCatalog, type Catalog, type Column, type ColumnType, type Table } from '@covet/db/catalog'
import { chinook, market } from '@covet/db/testing'
import { describe, expect, it } from '@jest/globals'
import { type GenerateOptions, generateModels } from '../src/generate/generate-models.ts'
import { plural, singular } from '../src/generate/words.ts'
import type { ReservedName } from '../src/types/model-instance.ts'

const id: Column = { name: 'id', type: { kind: 'integer', bits: 64 }, nullable: false, identity: 'by default' }

function column(name: string, type: ColumnType = { kind: 'text' }, more: Partial<Column> = {}): Column {
  return { name, type, nullable: false, ...more }
}

function number(name: string, more: Partial<Column> = {}): Column {
  return column(name, { kind: 'integer', bits: 64 }, more)
}

function table(name: string, columns: readonly Column[], rest: Partial<Table> = {}): Table {
  return { name, columns, primaryKey: ['id'], foreignKeys: [], uniques: [], indexes: [], checks: [], ...rest }
}

function reference(columns: string | readonly string[], target: string, foreign: readonly string[] = ['id']): Table['foreignKeys'][number] {
  return { columns: [columns].flat(), references: { table: target, columns: foreign }, onDelete: 'no action', onUpdate: 'no action' }
}

function files(catalog: Catalog, options: GenerateOptions = { dialect: 'postgres' }): Record<string, string> {
  return Object.fromEntries(generateModels(catalog, options).map(({ path, text }) => [path, text]))
}

/** The members of one model, by their names. */
function members(catalog: Catalog, file: string, options?: GenerateOptions): Record<string, string> {
  const text = files(catalog, options)[file] ?? ''
  return Object.fromEntries([...text.matchAll(/^ {2,4}(?!export)(\S+): (.*),$/gm)].map(([, name = '', source = '']) => [name, source]))
}

describe('the models of a marketplace', () => {
  const marketFiles = files(adaptCatalog(market, 'postgres'))

  it('are a file each, with an index, and none for a table that only joins two others', () => {
    expect(Object.keys(marketFiles)).toEqual([
      'address.ts',
      'category.ts',
      'country.ts',
      'department.ts',
      'employee.ts',
      'membership.ts',
      'message.ts',
      'order.ts',
      'order-line.ts',
      'organization.ts',
      'payment.ts',
      'product.ts',
      'profile.ts',
      'review.ts',
      'stock-level.ts',
      'tag.ts',
      'user.ts',
      'warehouse.ts',
      'index.ts',
    ])
    expect(marketFiles['index.ts']).toContain(`export { StockLevel } from './stock-level.ts'\n`)
  })

  it('read as one would write them', () => {
    expect(marketFiles['category.ts']).toBe(`import { belongsTo, f, hasMany, manyToMany, Model } from '@covet/orm'
import { Product } from './product.ts'

// Not in the model: check (position <= 10 or position % 2 <> 0)
export class Category extends Model(
  'categories',
  {
    id: f.id(),
    parent: belongsTo(() => Category, { onDelete: 'cascade', index: false }).nullable(),
    slug: f.string({ max: 60 }),
    position: f.int().default(0),
    children: hasMany(() => Category, { inverse: 'parent' }),
    products: manyToMany(() => Product, { inverse: 'categories' }),
  },
  { unique: [['parentId', 'slug']] },
) {}
`)
  })

  it('say every type and default that a field can', () => {
    const product = members(adaptCatalog(market, 'postgres'), 'product.ts')
    expect(product).toMatchObject({
      price: `f.decimal(12, 2).default('9.5')`,
      margin: 'f.decimal(12, 2).nullable().generated()',
      weight: 'f.float().default(1.5)',
      stock: 'f.int().default(-1)',
      views: 'f.bigint().default(0n)',
      rank: 'f.int().default(100)',
      attributes: 'f.json().default(() => [])',
      releasedOn: 'f.date().nullable()',
      isDraft: 'f.bool().default(false)',
    })
    const user = members(adaptCatalog(market, 'postgres'), 'user.ts')
    expect(user).toMatchObject({
      email: 'f.string({ ci: true }).unique()',
      role: `f.enum(['admin', 'member', "owner's friend"]).default('member')`,
      settings: 'f.json().default(() => ({"list":[1,2],"theme":"dark"}))',
      createdAt: 'f.createdAt()',
      deletedAt: 'f.datetime().nullable()',
    })
    expect(members(adaptCatalog(market, 'postgres'), 'profile.ts')).toMatchObject({
      bio: String.raw`f.text().default("it's \\ empty")`,
      avatar: 'f.bytes().nullable()',
      wakesAt: `f.time().default('07:30:00')`,
      joinedOn: `f.date().default('2024-02-29')`,
    })
  })

  it('relate both sides: one to one, one to many, many to many, with themselves and more than once', () => {
    const user = members(adaptCatalog(market, 'postgres'), 'user.ts')
    expect(user).toMatchObject({
      profile: 'hasOne(() => Profile)',
      reviews: 'hasMany(() => Review)',
      organizations: 'manyToMany(() => Organization, { through: () => Membership })',
      memberships: 'hasMany(() => Membership)',
      messagesAsSender: `hasMany(() => Message, { inverse: 'sender' })`,
      messagesAsRecipient: `hasMany(() => Message, { inverse: 'recipient' })`,
      referredBy: `belongsTo(() => User, { onDelete: 'setNull', index: false }).nullable()`,
      usersAsReferredBy: `hasMany(() => User, { inverse: 'referredBy' })`,
    })
    expect(members(adaptCatalog(market, 'postgres'), 'product.ts')).toMatchObject({
      categories: `manyToMany(() => Category, { table: 'product_categories' })`,
      warehouses: 'manyToMany(() => Warehouse, { through: () => StockLevel })',
    })
  })

  it('name composite keys, and the columns of foreign keys to them', () => {
    expect(marketFiles['stock-level.ts']).toContain(`{ primary: ['organizationId', 'warehouseCode', 'productId'] }`)
    expect(members(adaptCatalog(market, 'postgres'), 'stock-level.ts')).toEqual({
      warehouse: `belongsTo(() => Warehouse, { fk: { organizationId: 'organizationId', warehouseCode: 'code' }, onDelete: 'cascade', onUpdate: 'cascade', index: false })`,
      product: `belongsTo(() => Product, { onDelete: 'restrict', index: false })`,
      quantity: 'f.int().default(0)',
    })
    expect(members(adaptCatalog(market, 'postgres'), 'address.ts')['country']).toBe(
      `belongsTo(() => Country, { fk: 'countryCode', onDelete: 'restrict', onUpdate: 'cascade', index: false })`,
    )
  })

  it('tell in a comment what a model cannot say', () => {
    const lines = (marketFiles['user.ts'] ?? '').split('\n').filter((line) => line.startsWith('//'))
    expect(lines).toEqual([
      '// Not in the model: index users_created_at_idx (created_at desc, id)',
      '// Not in the model: unique index users_handle_idx (handle) where deleted_at is null',
      '// Not in the model: index users_name_idx (lower(name))',
      '// Not in the model: check (length(handle) >= 2 and length(handle) <= 40)',
    ])
    expect(marketFiles['country.ts']).toContain("// ISO 3166-1; a country's two letters\n")
  })

  it('leave the index of a foreign key to MySQL, which has one for each', () => {
    const review = members(adaptCatalog(market, 'mysql'), 'review.ts', { dialect: 'mysql' })
    expect(review['user']).toBe(`belongsTo(() => User, { onDelete: 'cascade' })`)
  })
})

describe('the models of Chinook', () => {
  it('map names that are not the usual ones', () => {
    const catalog = adaptCatalog(chinook, 'sqlite')
    expect(members(catalog, 'track.ts', { dialect: 'sqlite' })).toEqual({
      trackId: `f.id().column('TrackId')`,
      name: `f.string({ max: 200 }).column('Name')`,
      albumId: `f.int().nullable().index().column('AlbumId')`,
      album: 'belongsTo(() => Album).nullable()',
      mediaTypeId: `f.int().index().column('MediaTypeId')`,
      mediaType: 'belongsTo(() => MediaType)',
      genreId: `f.int().nullable().index().column('GenreId')`,
      genre: 'belongsTo(() => Genre).nullable()',
      composer: `f.string({ max: 220 }).nullable().column('Composer')`,
      milliseconds: `f.int().column('Milliseconds')`,
      bytes: `f.int().nullable().column('Bytes')`,
      unitPrice: `f.decimal(10, 2).column('UnitPrice')`,
      invoiceLines: 'hasMany(() => InvoiceLine)',
      playlistTracks: 'hasMany(() => PlaylistTrack)',
      playlists: 'manyToMany(() => Playlist, { through: () => PlaylistTrack })',
    })
    expect(members(catalog, 'employee.ts', { dialect: 'sqlite' })).toMatchObject({
      reportsTo: `f.int().nullable().index().column('ReportsTo')`,
      reportsToEmployee: `belongsTo(() => Employee, { fk: 'reportsTo' }).nullable()`,
      employeesAsReportsToEmployee: `hasMany(() => Employee, { inverse: 'reportsToEmployee' })`,
    })
  })

  it('keep the names of columns where that is asked for', () => {
    const track = members(adaptCatalog(chinook, 'sqlite'), 'track.ts', { dialect: 'sqlite', case: 'keep' })
    expect(track).toMatchObject({ TrackId: `f.id().column('TrackId')`, Album: 'belongsTo(() => Album).nullable()' })
    const keep = members(
      { tables: [table('posts', [id, number('user_id')], { foreignKeys: [reference('user_id', 'users')] }), table('users', [id])] },
      'post.ts',
      {
        dialect: 'sqlite',
        case: 'keep',
      },
    )
    expect(keep).toEqual({ id: 'f.id()', user: `belongsTo(() => User, { fk: 'user_id', index: false })` })
  })
})

describe('names that collide', () => {
  it('get out of the way of methods, of each other and of what the files import', () => {
    const catalog = {
      tables: [
        table('models', [
          id,
          column('save'),
          column('toJSON'),
          column('constructor'),
          column('user_name'),
          column('userName'),
          column('1st'),
          column('ünï cødé'),
        ]),
        table('user', [id]),
        table('users', [id]),
        table('dates', [id]),
      ],
    }
    const written = files(catalog)
    expect(Object.keys(written)).toEqual(['date-row.ts', 'model-row.ts', 'user.ts', 'user-row.ts', 'index.ts'])
    expect(written['user-row.ts']).toContain(`export class UserRow extends Model('users', {`)
    expect(members(catalog, 'model-row.ts')).toEqual({
      id: 'f.id()',
      saveValue: `f.text().column('save')`,
      toJson: `f.text().column('toJSON')`,
      constructorValue: `f.text().column('constructor')`,
      userName: 'f.text()',
      userNameValue: `f.text().column('userName')`,
      _1st: `f.text().column('1st')`,
      ünïCødé: `f.text().column('ünï cødé')`,
    })
  })

  it('get out of the way of every method of a model', () => {
    const methods: Readonly<Record<ReservedName, true>> = {
      save: true,
      delete: true,
      restore: true,
      forceDelete: true,
      refresh: true,
      load: true,
      related: true,
      fill: true,
      isDirty: true,
      changes: true,
      toJSON: true,
    }
    const names = Object.keys(methods)
    const catalog = { tables: [table('things', [id, ...names.map((name) => column(name))])] }
    const written = members(catalog, 'thing.ts', { dialect: 'postgres', case: 'keep' })
    expect(Object.keys(written)).toEqual(['id', ...names.map((name) => `${name}Value`)])
    const things = { tables: [table('things', [id, column('is_dirty')])] }
    expect(members(things, 'thing.ts')).toEqual({ id: 'f.id()', isDirtyValue: `f.text().column('is_dirty')` })
  })

  it('keep a relation apart from a column, and from another relation', () => {
    const catalog = {
      tables: [
        table('posts', [id, column('author'), number('author_id'), number('users_id')], {
          foreignKeys: [reference('author_id', 'users'), reference('users_id', 'users')],
        }),
        table('users', [id, column('posts'), column('posts_as_users')]),
      ],
    }
    expect(members(catalog, 'post.ts')).toEqual({
      id: 'f.id()',
      author: 'f.text()',
      authorIdUser: `belongsTo(() => User, { fk: 'authorId', index: false })`,
      users: 'belongsTo(() => User, { index: false })',
    })
    expect(members(catalog, 'user.ts')).toMatchObject({
      postsAsUsers: 'f.text()',
      postsAsUsers2: `hasMany(() => Post, { inverse: 'users' })`,
      postsAsAuthorIdUser: `hasMany(() => Post, { inverse: 'authorIdUser' })`,
    })
  })

  it('make words singular and plural', () => {
    const pairs = [
      'category categories',
      'address addresses',
      'box boxes',
      'status statuses',
      'warehouse warehouses',
      'person people',
      'series series',
      'day days',
    ]
    for (const pair of pairs) {
      const [one = '', many = ''] = pair.split(' ')
      expect([singular(many), plural(one), singular(one), plural(singular(many))]).toEqual([one, many, one, many])
    }
    expect([singular('HTMLPages'), plural('order-line')]).toEqual(['html page', 'order lines'])
  })
})

describe('what a database has and the ORM has not', () => {
  it('is a comment instead of a field, a relation or a model', () => {
    const catalog = {
      tables: [
        table('logs', [column('line')], { primaryKey: [] }),
        table(
          'things',
          [
            id,
            column('tags', { kind: 'array', of: { kind: 'text' } }, { native: 'text[]' }),
            column('ip', { kind: 'other' }, { native: 'inet' }),
            column('number', { kind: 'integer', bits: 32 }, { default: { kind: 'expression', sql: "nextval('numbers')" } }),
            column('email', { kind: 'text' }),
          ],
          {
            foreignKeys: [reference('email', 'users', ['email']), { ...reference('number', 'users'), onDelete: 'set default' }],
            indexes: [{ name: 'words', parts: [{ column: 'tags' }], unique: false, method: 'gin' }],
            comment: 'first line\n*/ second line',
          },
        ),
        table('users', [id, column('email')]),
      ],
    }
    const written = files(catalog)
    expect(written['thing.ts']).toBe(`import { belongsTo, f, Model } from '@covet/orm'
import { User } from './user.ts'

// first line */ second line
// Not in the model: tags: a column of type text[]
// Not in the model: ip: a column of type inet
// Not in the model: number: default nextval('numbers')
// Not in the model: email refers to users (email)
// Not in the model: number: set default
// Not in the model: index words using gin (tags)
export class Thing extends Model('things', {
  id: f.id(),
  number: f.int(),
  numberUser: belongsTo(() => User, { fk: 'number' }),
  email: f.text(),
}) {}
`)
    expect(written['index.ts']).toMatch(/^\/\/ No model: logs has no primary key\.\n/)
  })

  it('takes a check of any name that lists values for an enum', () => {
    const checks = [{ name: 'known_state', expression: "state in ('on', 'off')" }]
    const catalog = { tables: [table('lamps', [id, column('state', { kind: 'text' })], { checks })] }
    expect(members(catalog, 'lamp.ts')['state']).toBe(`f.enum(['on', 'off'])`)
    expect(files(catalog)['lamp.ts']).not.toContain('Not in the model')
  })

  it('writes types without a field of their own as the next one that holds their values', () => {
    const types: Record<string, ColumnType> = {
      a: { kind: 'decimal' },
      b: { kind: 'string' },
      c: { kind: 'string', max: 100_000, ci: true },
      d: { kind: 'text', ci: true },
      e: { kind: 'integer', bits: 16 },
      f: { kind: 'enum', values: ['x'], name: 'mood' },
      g: { kind: 'bytes', max: 9 },
      h: { kind: 'datetime', precision: 6 },
    }
    const catalog = { tables: [table('things', [id, ...Object.entries(types).map(([name, type]) => column(name, type))])] }
    expect(Object.values(members(catalog, 'thing.ts'))).toEqual([
      'f.id()',
      'f.decimal(65, 30)',
      'f.text()',
      'f.text().ci()',
      'f.text().ci()',
      'f.int()',
      `f.enum(['x'], { native: 'mood' })`,
      'f.bytes()',
      'f.datetime()',
    ])
  })

  it('writes defaults that the application can make, and keys that are no numbers', () => {
    const literal = (value: string | number | boolean): Partial<Column> => ({ default: { kind: 'literal', value } })
    const now: Partial<Column> = { default: { kind: 'expression', sql: 'current_timestamp' } }
    const at: ColumnType = { kind: 'datetime', precision: 3 }
    const catalog = {
      tables: [
        table('things', [
          column('id', { kind: 'uuid' }, { default: { kind: 'expression', sql: 'uuid()' } }),
          column('a', { kind: 'bytes' }, literal('00ff')),
          column('b', { kind: 'json' }, literal('"x\u2028"')),
          column('c', at, { ...now, onUpdate: 'current_timestamp' }),
          column('d', at, { ...now, nullable: true }),
          column('e', { kind: 'text' }, literal(`'"\n`)),
        ]),
      ],
    }
    expect(members(catalog, 'thing.ts')).toEqual({
      id: 'f.uuid().primary()',
      a: `f.bytes().default(() => Buffer.from('00ff', 'hex'))`,
      b: String.raw`f.json().default("x\u2028")`,
      c: 'f.updatedAt()',
      d: 'f.datetime().nullable().default(() => new Date())',
      e: String.raw`f.text().default('\'"\n')`,
    })
  })

  it('needs no model for a junction with nothing but two keys of the usual names', () => {
    const junction = (more: readonly Column[], columns = ['post_id', 'tag_id']): Catalog => ({
      tables: [
        table('posts', [id]),
        table('tags', [id]),
        table('posts_tags', [...columns.map((name) => number(name)), ...more], {
          primaryKey: columns,
          foreignKeys: columns.map((name, index) => ({ ...reference(name, index === 0 ? 'posts' : 'tags'), onDelete: 'cascade' })),
        }),
      ],
    })
    expect(members(junction([]), 'post.ts')).toEqual({ id: 'f.id()', tags: 'manyToMany(() => Tag)' })
    expect(members(junction([]), 'tag.ts')['posts']).toBe(`manyToMany(() => Post, { inverse: 'tags' })`)
    expect(Object.keys(files(junction([])))).not.toContain('posts-tag.ts')
    for (const catalog of [junction([column('note')]), junction([], ['p', 't'])]) {
      expect(members(catalog, 'post.ts')).toMatchObject({
        tags: 'manyToMany(() => Tag, { through: () => PostsTag })',
        postsTags: 'hasMany(() => PostsTag)',
      })
    }
  })
})
