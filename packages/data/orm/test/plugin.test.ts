import { createApp, plugin, type Plugin } from '@covet/core'
import { createDb, Database, db } from '@covet/db'
import { sqlite } from '@covet/sqlite'
import { describe, expect, it } from '@jest/globals'
import Fastify from 'fastify'
import { belongsTo, checkModels, errors, f, hasMany, hasOne, manyToMany, Model, type ModelClass, Models, orm } from '../src/index.ts'
import { createTables } from '../src/testing.ts'
import { register, verify } from './plain-fastify.ts'

class User extends Model('users', { id: f.id(), name: f.string() }) {}

/** Makes the table, and answers the names on `/`. */
const users: Plugin<'database' | 'models'> = plugin({
  name: 'users',
  needs: { database: Database, models: Models },
  async setup(app, { models }) {
    await createTables(models.database, [User])
    app.get('/', async () => (await User.query().orderBy('id')).map(({ name }) => name))
    app.post<{ Params: { name: string } }>('/:name', ({ params }) => User.create({ name: params.name }))
    app.get<{ Params: { id: string } }>('/:id', ({ params }) => User.findOrFail(Number(params.id)))
  },
})

const memory = (): ReturnType<typeof sqlite> => sqlite({ file: ':memory:' })

describe('orm in createApp', () => {
  it('binds the models to the database of the application, and takes that back when it closes', async () => {
    const app = await createApp({ mode: 'test', plugins: [users, orm({ models: [User] }), memory()] })
    await app.inject({ method: 'POST', url: '/ada' })
    expect((await app.inject('/')).json()).toEqual(['ada'])
    expect(await User.query().count()).toBe(1)
    const models = app.services.get(Models)
    expect([models.all, models.database]).toEqual([[User], app.services.get(Database)])
    await app.close()
    await expect(User.find(1)).rejects.toBeInstanceOf(errors.UnboundModelError)
  })

  it('answers 404 for what findOrFail does not find, and 400 for a value that fits no column', async () => {
    const app = await createApp({ mode: 'test', plugins: [memory(), orm({ models: [User] }), users] })
    const missing = await app.inject('/7')
    expect([missing.statusCode, missing.json<{ code: string }>().code]).toEqual([404, 'orm/not-found'])
    const unfit = await app.inject('/x')
    expect([unfit.statusCode, unfit.json<{ code: string }>().code]).toEqual([400, 'orm/invalid-value'])
    await app.close()
  })

  it('binds them to another connection than the default one', async () => {
    const connections = db({ default: 'main', connections: { main: memory(), users: memory() } })
    const app = await createApp({ mode: 'test', plugins: [connections, orm({ models: [User], connection: 'users' }), users] })
    await app.inject({ method: 'POST', url: '/ada' })
    const database = app.services.get(Database)
    expect(await database.connection('users').sql`select name from users`).toEqual([{ name: 'ada' }])
    expect((await app.inject('/')).json()).toEqual(['ada'])
    const inside = await database.transaction(() => User.query().count())
    expect([inside, await database.run(() => User.query().count())]).toEqual([1, 1])
    await app.close()
  })

  it('does not boot for a connection that is not there', async () => {
    const connections = db({ default: 'main', connections: { main: memory() } })
    await expect(createApp({ mode: 'test', plugins: [connections, orm({ models: [User], connection: 'users' })] })).rejects.toMatchObject({
      code: 'db/unknown-connection',
    })
  })

  it('works on the database that a test puts in its place', async () => {
    const own = createDb(memory())
    const app = await createApp({ mode: 'test', plugins: [memory(), orm({ models: [User] }), users], override: [[Database, own]] })
    await app.inject({ method: 'POST', url: '/ada' })
    expect(await own.sql`select name from users`).toEqual([{ name: 'ada' }])
    await app.close()
    await own.close()
  })

  it('says at boot what cannot work', async () => {
    class Post extends Model('posts', { id: f.id(), author: belongsTo(() => 5) }) {}
    await expect(createApp({ mode: 'test', plugins: [memory(), orm({ models: [Post] })] })).rejects.toBeInstanceOf(
      errors.ModelDefinitionError,
    )
  })
})

describe('two applications in one process with the same models', () => {
  const open = (): ReturnType<typeof createApp> => createApp({ mode: 'test', plugins: [memory(), orm({ models: [User] }), users] })

  it('each use their own database in their requests', async () => {
    const [first, second] = [await open(), await open()]
    await first.inject({ method: 'POST', url: '/ada' })
    await second.inject({ method: 'POST', url: '/bob' })
    const answers = await Promise.all([first.inject('/'), second.inject('/'), first.inject('/')])
    expect(answers.map((response) => response.json<unknown>())).toEqual([['ada'], ['bob'], ['ada']])
    await Promise.all([first.close(), second.close()])
  })

  it('must say which is meant elsewhere, until only one is left', async () => {
    const [first, second] = [await open(), await open()]
    await first.inject({ method: 'POST', url: '/ada' })
    await expect(User.query().count()).rejects.toBeInstanceOf(errors.AmbiguousDatabaseError)
    const [one, other] = [first.services.get(Database), second.services.get(Database)]
    expect([await User.using(one).query().count(), await User.query().using(other).count()]).toEqual([1, 0])
    expect(await one.run(() => User.query().count())).toBe(1)
    expect(await one.transaction(() => User.query().count())).toBe(1)
    await second.close()
    expect(await User.query().count()).toBe(1)
    await first.close()
  })
})

describe('orm without a kernel', () => {
  it('works in plain Fastify', async () => {
    const app = Fastify()
    await register(app)
    await app.ready()
    await verify(app)
    await app.close()
  })

  it('names what is missing there', async () => {
    const app = Fastify()
    app.register(orm({ models: [User] }))
    await expect(app.ready()).rejects.toMatchObject({ code: 'kernel/missing-service', message: expect.stringContaining('database') })
    await app.close()
  })
})

describe('the check of the models at boot', () => {
  const problemOf = (models: readonly ModelClass[]): string => {
    try {
      return checkModels(models).join('\n')
    } catch (error) {
      expect(error).toBeInstanceOf(errors.ModelDefinitionError)
      return (error as Error).message
    }
  }

  it('finds nothing to say about models that fit together', () => {
    class Author extends Model('authors', { id: f.id(), books: hasMany(() => Book) }) {}
    class Book extends Model('books', { id: f.id(), author: belongsTo(() => Author) }) {}
    expect(checkModels([Author, Book])).toEqual([])
  })

  it('refuses two models of one table, and takes a subclass for its parent', () => {
    class Author extends Model('authors', { id: f.id() }) {}
    class Writer extends Model('authors', { id: f.id() }) {}
    class Poet extends Author {}
    expect(problemOf([Author, Writer])).toBe("The model Writer cannot be used: its table 'authors' is that of Author too.")
    expect(checkModels([Author, Poet])).toEqual([])
  })

  it('finds a column that the class declares again, which would hide it behind undefined (trap 33)', () => {
    class Author extends Model('authors', { id: f.id(), email: f.string() }) {
      // Told to redeclare, the compiler wants a value; JavaScript does not.
      override email!: string
    }
    expect(problemOf([Author])).toContain("the class hides the column 'email'. Where it declares it again write `declare email: …`")
    class Reader extends Model('readers', { id: f.id(), email: f.string() }) {
      override email = 'none'
    }
    expect(problemOf([Reader])).toContain("the class hides the column 'email'.")
    class Writer extends Model('writers', { id: f.id(), email: f.string() }) {
      declare email: string
    }
    expect(checkModels([Writer])).toEqual([])
  })

  it('finds a constructor that keeps the row to itself (trap 33)', () => {
    class Author extends Model('authors', { id: f.id() }) {
      constructor() {
        super()
      }
    }
    expect(problemOf([Author])).toContain('constructor(...args) { super(...args) }')
  })

  it('refuses names that every model has a method under', () => {
    const shape = { id: f.id(), save: f.bool() }
    // The compiler refuses it too; a shape made at run time gets past it.
    const named = (): ModelClass =>
      class Author extends Model('authors', shape as unknown as { id: typeof shape.id }) {} as unknown as ModelClass
    expect(problemOf([named()])).toContain(
      "'save' is a method of every model. Choose another name; its column may keep it: .column('save').",
    )
  })

  it('refuses two properties of one column, and a property that is a column and a relation', () => {
    class Author extends Model('authors', { id: f.id(), fullName: f.string(), name: f.string().column('full_name') }) {}
    expect(problemOf([Author])).toContain("'fullName' and 'name' are both the column 'full_name'.")
    class Book extends Model('books', { id: f.id(), author: belongsTo(() => Book, { fk: 'parent' }), parent: belongsTo(() => Book) }) {}
    expect(problemOf([Book])).toContain("'parent' is a column and a relation.")
  })

  it('refuses names that JavaScript has a meaning for (trap 38)', () => {
    const shape = JSON.parse('{"__proto__": 1}') as object
    const polluted = { id: f.id(), ...Object.fromEntries(Object.keys(shape).map((name) => [name, f.string()])) }
    const named = (): ModelClass => class Author extends Model('authors', polluted) {} as unknown as ModelClass
    expect(problemOf([named()])).toContain("'__proto__' cannot be the name of a column.")
    class Book extends Model('books', { id: f.id(), constructor: f.string() }) {}
    expect(problemOf([Book as unknown as ModelClass])).toContain("'constructor' cannot be the name of a column.")
  })

  it('refuses a relation whose function gives no model', () => {
    class Author extends Model('authors', { id: f.id(), books: hasMany(() => 5) }) {}
    expect(problemOf([Author])).toMatch(/Author|books|model/)
  })

  it('refuses a relation that nothing refers back to', () => {
    class Author extends Model('authors', { id: f.id(), books: hasMany(() => Book) }) {}
    class Book extends Model('books', { id: f.id() }) {}
    expect(problemOf([Author, Book])).toContain('Book has no belongsTo(() => Author) for the relation books.')
  })

  it('asks which is meant where two relations refer back', () => {
    class Author extends Model('authors', { id: f.id(), books: hasMany(() => Book), edited: hasMany(() => Book, { inverse: 'editor' }) }) {}
    class Book extends Model('books', { id: f.id(), author: belongsTo(() => Author), editor: belongsTo(() => Author) }) {}
    expect(problemOf([Author, Book])).toContain(
      "Book refers to it by 'author' and 'editor', so books must say which is meant: { inverse: 'author' }.",
    )
  })

  it('refuses a junction that both sides own (Q11)', () => {
    class Author extends Model('authors', { id: f.id(), books: manyToMany(() => Book) }) {}
    class Book extends Model('books', { id: f.id(), authors: manyToMany(() => Author) }) {}
    expect(problemOf([Author, Book])).toContain(
      "both own a junction table. Say on one side: manyToMany(() => Author, { inverse: 'books' }).",
    )
  })

  it('refuses a model without a key, and one with two', () => {
    class Author extends Model('authors', { name: f.string() }) {}
    expect(problemOf([Author])).toContain('it has no primary key.')
    class Book extends Model('books', { id: f.id(), isbn: f.string().primary() }) {}
    expect(problemOf([Book])).toContain('id and isbn are both primary.')
  })

  it('warns of a composite foreign key that may be null in part, which no engine checks then (trap 31)', () => {
    class Invoice extends Model('invoices', { tenantId: f.int(), id: f.int() }, { primary: ['tenantId', 'id'] }) {}
    class Line extends Model('lines', {
      id: f.id(),
      tenantId: f.int(),
      invoiceId: f.int().nullable(),
      invoice: belongsTo(() => Invoice, { fk: { tenantId: 'tenantId', invoiceId: 'id' } }),
    }) {}
    expect(checkModels([Invoice, Line])).toEqual([
      expect.stringMatching(/^The foreign key of Line\.invoice is partly nullable \(invoiceId\).*MATCH SIMPLE/),
    ])
    // A key that is there or missing as a whole needs none, nor does a single column.
    const fk = { tenantId: 'tenantId', invoiceId: 'id' } as const
    class Whole extends Model('wholes', { id: f.id(), tenantId: f.int(), invoiceId: f.int(), invoice: belongsTo(() => Invoice, { fk }) }) {}
    class Loose extends Model('looses', {
      id: f.id(),
      tenantId: f.int().nullable(),
      invoiceId: f.int().nullable(),
      invoice: belongsTo(() => Invoice, { fk }).nullable(),
    }) {}
    class Note extends Model('notes', { id: f.id(), line: belongsTo(() => Line).nullable() }) {}
    expect(checkModels([Invoice, Whole, Loose])).toEqual([])
    expect(checkModels([Invoice, Line, Note])).toHaveLength(1)
  })

  it('writes its warnings into the log of the application', async () => {
    class Invoice extends Model('invoices', { tenantId: f.int(), id: f.int() }, { primary: ['tenantId', 'id'] }) {}
    class Line extends Model('lines', {
      id: f.id(),
      tenantId: f.int(),
      invoiceId: f.int().nullable(),
      invoice: belongsTo(() => Invoice, { fk: { tenantId: 'tenantId', invoiceId: 'id' } }),
    }) {}
    const lines: string[] = []
    const app = await createApp({
      mode: 'test',
      logger: { level: 'warn', sink: { write: (line: string) => void lines.push(line) } },
      plugins: [memory(), orm({ models: [Invoice, Line] })],
    })
    expect(lines.join('')).toContain('partly nullable')
    await app.close()
  })

  it('checks both sides of a one-to-one relation', () => {
    class Author extends Model('authors', { id: f.id(), profile: hasOne(() => Profile) }) {}
    class Profile extends Model('profiles', { id: f.id(), author: belongsTo(() => Author) }) {}
    expect(checkModels([Author, Profile])).toEqual([])
  })
})

describe('a query of a model that is not bound', () => {
  it('says which model has no database', () => {
    class Author extends Model('authors', { id: f.id() }) {}
    return expect(Author.find(1)).rejects.toMatchObject({
      code: 'orm/unbound-model',
      message: expect.stringContaining('Bind it with orm({ models: [Author] }) or bind([Author], db)'),
    })
  })
})
