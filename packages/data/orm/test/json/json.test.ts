import { createDb, errors as dbErrors } from '@covet/db'
import { sqlite } from '@covet/sqlite'
import { failure } from '@covet/testing'
import { describe, expect, it } from '@jest/globals'
import Fastify from 'fastify'
import { belongsTo, caseWhen, errors, f, hasMany, JsonNull, lag, localKeys, Model, raw, timestamps, useKeys } from '../../src/index.ts'
import { bind } from '../../src/binding.ts'
import { createTables } from '../../src/testing.ts'
import { onEachEngine } from '../support/engines.ts'
import { textOf } from './support.ts'

class Writer extends Model('writers', {
  id: f.id(),
  name: f.string({ max: 100 }),
  password: f.string({ max: 100 }).hidden(),
  rank: f.bigint().nullable(),
  ...timestamps(),
  books: hasMany(() => Book),
}) {
  /** Seen by nobody's JSON. */
  get initial(): string {
    return this.name.slice(0, 1)
  }
}

class Book extends Model('books', { id: f.id(), title: f.text(), pages: f.int(), writer: belongsTo(() => Writer) }) {}

class Loud extends Model('writers', { id: f.id(), name: f.string({ max: 100 }) }) {
  override toJSON(): { id: number; name: string } {
    return { ...super.toJSON(), name: this.name.toUpperCase() }
  }
}

let made = 0
class Counted extends Model('writers', { id: f.id(), name: f.string({ max: 100 }) }) {
  constructor(...values: never[]) {
    super(...(values as []))
    made += 1
  }
}

/** A field of the class stands in the way of what was read. */
class Shadowed extends Model('writers', { id: f.id(), name: f.string({ max: 100 }) }) {
  override name = 'shadow'
}

/** A field of the class that nothing but a name can make. */
class Sliced extends Model('writers', { id: f.id(), name: f.string({ max: 100 }) }) {
  short = this.name.slice(0, 1)
}

class Vault extends Model('vaults', {
  id: f.id(),
  secret: f.string().encrypted(),
  times: f.datetime().encrypted().nullable(),
  notes: f.json().encrypted().nullable(),
}) {}

const models = [Writer, Book] as const

async function fill(): Promise<void> {
  const writers = await Writer.createMany([
    { name: 'Ada "the first"\n', password: 's3cret', rank: 2n ** 60n },
    { name: 'Bob', password: 'other', rank: null },
    { name: 'Cid', password: 's3cret', rank: -1n },
  ])
  await Book.createMany(
    writers.flatMap(({ id }, index) => Array.from({ length: index }, (_, n) => ({ title: `book ${n}`, pages: n * 100, writerId: id }))),
  )
}

async function ofObjects(query: PromiseLike<object[]>): Promise<string> {
  return JSON.stringify(await query)
}

async function ofQuery(query: { json(): Promise<Uint8Array> }): Promise<string> {
  return Buffer.from(await query.json()).toString()
}

onEachEngine('hidden columns', (open) => {
  it('are in plain rows that select them, and refused in JSON, be it of them or of what is made of them', async () => {
    await using space = await open(models)
    await fill()
    expect(await Writer.query().orderBy('id').select('name', 'password').first()).toMatchObject({ password: 's3cret' })
    space.clear()
    const queries = [
      Writer.query().select('name', 'password'),
      Writer.query().select((c) => ({ x: c.password })),
      Writer.query().select((c) => ({ x: c.password.lower().concat('!') })),
      Writer.query().select((c) => ({ x: c.password.max().over() })),
      Writer.query().select((c) => ({ x: lag(c.password).over({ orderBy: c.id }) })),
      Writer.query().select((c) => ({ x: caseWhen(c.id.gt(1), c.name).else(c.password) })),
      Writer.query().select((c) => ({ x: raw<string>`${c.password}` })),
      Writer.query().select((c) => ({ x: c.name.coalesce(Writer.query().select('password').limit(1) as never) })),
      Book.query().select((c) => ({ x: c.writer.password })),
      Writer.query()
        .select('name')
        .unionAll(Writer.query().select((c) => ({ name: c.password }))),
    ]
    for (const query of queries) {
      await expect(query.json()).rejects.toThrow(errors.InvalidQueryError)
      expect(() => query.ndjson()).toThrow(/hidden/)
    }
    expect(space.statements).toEqual([])
  })

  it('may be counted and compared in what JSON has, and are left out of instances with annotations', async () => {
    await using _ = await open(models)
    await fill()
    expect(JSON.parse(await ofQuery(Writer.query().select((c) => ({ all: c.password.count().over() }))))).toEqual([
      { all: 3 },
      { all: 3 },
      { all: 3 },
    ])
    const chosen = Writer.query()
      .orderBy('id')
      .select((c) => ({ same: caseWhen(c.password.eq('s3cret'), 1).else(0) }))
    expect(JSON.parse(await ofQuery(chosen))).toEqual([{ same: 1 }, { same: 0 }, { same: 1 }])
    expect(await ofQuery(Writer.query().annotate((c) => ({ again: c.password })))).not.toContain('s3cret')
    expect(await ofQuery(Book.query().with('writer'))).not.toContain('s3cret')
  })

  it('are refused in the order of a cursor, which clients can read', async () => {
    await using space = await open(models)
    await fill()
    space.clear()
    await expect(Writer.query().orderBy('password').cursor({ size: 1 })).rejects.toThrow(errors.InvalidQueryError)
    await expect(Writer.query().select('id', 'password').orderBy('password').cursor({ size: 1 })).rejects.toThrow(
      /'password' of Writer is hidden/,
    )
    expect(space.statements).toEqual([])
    expect((await Writer.query().orderBy('name').cursor({ size: 1 })).next).not.toBeNull()
  })
})

onEachEngine('query.json()', (open, dialect) => {
  it('is the array that JSON.stringify prints of the instances, without what is hidden', async () => {
    await using space = await open(models)
    await fill()
    space.clear()
    const query = Writer.query().orderBy('id')
    const json = await query.json()
    expect(json).toBeInstanceOf(Uint8Array)
    expect(Buffer.from(json).toString()).toBe(await ofObjects(query))
    const [direct, read] = space.statements
    expect(direct).not.toContain('password')
    expect(read).toContain('password')
    expect(JSON.parse(Buffer.from(json).toString())).toMatchObject([{ rank: String(2n ** 60n) }, { rank: null }, { rank: '-1' }])
  })

  it('is the same with conditions, relations in them, limits, some columns, distinct rows and combinations', async () => {
    await using space = await open(models)
    void space
    await fill()
    const ordered = Writer.query().orderBy('id')
    const queries = [
      ordered.where('name', 'Nobody'),
      ordered.where('books.pages', '>', 50).limit(1),
      ordered.where('id', 'in', [1, 2, 3]).offset(1),
      ordered.only('name'),
      ordered.defer('name'),
      ordered.distinct(),
      Writer.where('name', 'Bob').union(Writer.where('name', 'Cid')).orderBy('id'),
      Book.query().orderBy('writer.name').orderBy('id'),
    ]
    for (const query of queries) expect(await ofQuery(query as typeof ordered)).toBe(await ofObjects(query as typeof ordered))
    expect(
      await ofQuery(
        Book.query()
          .select((c) => ({ n: c.pages.add(1), who: c.writer.name }))
          .orderBy('id'),
      ),
    ).toBe(
      JSON.stringify(
        await Book.query()
          .select((c) => ({ n: c.pages.add(1), who: c.writer.name }))
          .orderBy('id'),
      ),
    )
    expect(await ofQuery(Writer.query().select('rank').orderBy('id'))).toBe(`[{"rank":"${2n ** 60n}"},{"rank":null},{"rank":"-1"}]`)
  })

  it('is that of the instances where they bring relations, or print themselves', async () => {
    await using space = await open(models)
    await fill()
    await using bound = new AsyncDisposableStack()
    bound.defer(bind([Loud, Counted, Shadowed, Sliced], space.db))
    const related = Writer.query().with('books').orderBy('id')
    expect(await ofQuery(related)).toBe(await ofObjects(related))
    expect(JSON.parse(await ofQuery(related))).toMatchObject([{ books: [] }, { books: [{ pages: 0 }] }, { books: [{}, {}] }])
    expect(
      await ofQuery(
        Writer.query()
          .annotate((c) => ({ n: c.books.count() }))
          .orderBy('id'),
      ),
    ).toBe(await ofObjects(Writer.query().orderBy('id')))
    expect(await ofQuery(Loud.where('name', 'Bob'))).toBe('[{"id":2,"name":"BOB"}]')
    made = 0
    expect(await ofQuery(Counted.where('name', 'Bob'))).toBe('[{"id":2,"name":"Bob"}]')
    expect(made).toBe(1)
    expect(await ofQuery(Shadowed.where('id', 2))).toBe('[{"id":2,"name":"shadow"}]')
    expect(await ofQuery(Sliced.where('id', 2))).toBe('[{"id":2,"name":"Bob"}]')
    expect(await textOf(Loud.query().orderBy('id').ndjson({ batch: 2 }))).toBe(
      (await Loud.query().orderBy('id')).map((each) => `${JSON.stringify(each)}\n`).join(''),
    )
  })

  it('reads what is encrypted', async () => {
    await using space = await open([Vault])
    void space
    await using keys = new AsyncDisposableStack()
    keys.defer(useKeys(localKeys({ current: 'a', keys: { a: Buffer.alloc(32, 7) } })))
    await Vault.create({ secret: 'open "sesame"', times: new Date('2024-01-02T03:04:05.678Z'), notes: JsonNull })
    expect(JSON.parse(await ofQuery(Vault.query()))).toEqual([
      { id: 1, secret: 'open "sesame"', times: '2024-01-02T03:04:05.678Z', notes: null },
    ])
    const plain = Vault.query().select('id', 'notes', 'times')
    expect(await ofQuery(plain)).toBe(await ofObjects(plain))
    expect(await plain.first()).toMatchObject({ notes: null })
  })

  it('answers from the query cache', async () => {
    await using space = await open(models)
    await fill()
    const query = Writer.query().orderBy('id').cache({ ttl: '1m' })
    const first = await ofQuery(query)
    space.clear()
    expect(await ofQuery(query)).toBe(first)
    expect(space.statements).toEqual([])
    expect(first).toBe(await ofObjects(Writer.query().orderBy('id')))
  })

  it('fails as the query does', async () => {
    await using space = await open(models)
    await fill()
    const aborted = Writer.query().signal(AbortSignal.abort(new Error('enough')))
    await expect(aborted.json()).rejects.toThrow('enough')
    await expect(textOf(aborted.ndjson())).rejects.toThrow('enough')
    if (dialect !== 'postgres') return
    await space.db.script(`update writers set created_at = 'infinity' where id = 2`)
    const error = (await failure(Writer.query())) as Error
    expect(error).toBeInstanceOf(dbErrors.UnrepresentableValueError)
    await expect(Writer.query().json()).rejects.toThrow(error.message)
    // What failed half way leaves nothing to the next.
    expect(await ofQuery(Writer.where('id', 1))).toBe(await ofObjects(Writer.where('id', 1)))
  })

  it('comes line by line, in batches, from inside a transaction too', async () => {
    await using space = await open(models)
    await Writer.createMany(Array.from({ length: 701 }, (_, index) => ({ name: `writer ${index}`, password: 'x' })))
    const query = Writer.query().orderBy('id')
    const lines = (await query).map((each) => `${JSON.stringify(each)}\n`).join('')
    expect(await textOf(query.ndjson())).toBe(lines)
    expect(await space.db.transaction(() => textOf(query.ndjson({ batch: 300 })))).toBe(lines)
    const batches: number[] = []
    for await (const batch of query.ndjson({ batch: 300 })) batches.push(Buffer.from(batch).toString().split('\n').length - 1)
    expect(batches).toEqual([300, 300, 101])
    for await (const batch of query.ndjson({ batch: 1 })) {
      expect(JSON.parse(Buffer.from(batch).toString())).toMatchObject({ name: 'writer 0' })
      break
    }
    expect(await Writer.query().count()).toBe(701)
    expect(await textOf(query.where('id', 0).ndjson())).toBe('')
  })

  it('ends a batch early when it is large', async () => {
    await using space = await open(models)
    void space
    const { id } = await Writer.create({ name: 'long', password: 'x' })
    await Book.createMany(Array.from({ length: 5 }, (_, pages) => ({ title: 'x'.repeat(600_000), pages, writerId: id })))
    const sizes: number[] = []
    for await (const batch of Book.query().orderBy('id').ndjson()) sizes.push(Buffer.from(batch).toString().split('\n').length - 1)
    expect(sizes).toEqual([2, 2, 1])
  })
})

describe('query.json(reply)', () => {
  it('sends the rows of a route as JSON', async () => {
    await using db = createDb(sqlite({ file: ':memory:' }))
    await using bound = new AsyncDisposableStack()
    bound.defer(bind(models, db))
    await createTables(db, models)
    await fill()
    const app = Fastify()
    app.get('/plain', (_request, reply) => Writer.query().orderBy('id').json(reply))
    app.get('/async', async (_request, reply) => {
      await Writer.query().orderBy('id').json(reply)
      return reply
    })
    app.addHook('onSend', async (_request, reply, payload) => {
      await new Promise(setImmediate)
      reply.header('x-length', (payload as Buffer).length)
    })
    for (const url of ['/plain', '/async']) {
      const answer = await app.inject({ url })
      expect(answer.headers).toMatchObject({
        'content-type': 'application/json; charset=utf-8',
        'content-length': answer.headers['x-length'],
      })
      expect(answer.body).toBe(await ofObjects(Writer.query().orderBy('id')))
    }
    await app.close()
  })

  it('sends nothing when the query fails, and takes nothing that is no reply', async () => {
    await using db = createDb(sqlite({ file: ':memory:' }))
    await using bound = new AsyncDisposableStack()
    bound.defer(bind(models, db))
    const app = Fastify()
    app.get('/', (_request, reply) => Writer.query().json(reply))
    expect((await app.inject({ url: '/' })).statusCode).toBe(500)
    await app.close()
    for (const reply of [null, {}, 'reply', { header: () => undefined }]) {
      await expect(Writer.query().json(reply as never)).rejects.toThrow('takes the reply of Fastify')
    }
    for (const batch of [0, -1, 1.5, Number.NaN, '5'])
      expect(() => Writer.query().ndjson({ batch: batch as number })).toThrow(errors.InvalidQueryError)
  })
})
