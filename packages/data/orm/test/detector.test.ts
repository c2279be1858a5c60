import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { belongsTo, detectionScope, detectNPlusOne, errors, f, hasMany, Model, type Query } from '../src/index.ts'
import { onEachEngine } from './support/engines.ts'

class Writer extends Model('writers', { id: f.id(), name: f.string(), books: hasMany(() => Book) }) {}
class Book extends Model('books', { id: f.id(), title: f.string(), writer: belongsTo(() => Writer) }, { lazy: 'one' }) {}

const models = [Writer, Book] as const
let restore: (() => void) | undefined

afterEach(() => {
  restore?.()
  restore = undefined
})

async function fill(count: number): Promise<Book[]> {
  const writers = await Writer.createMany(Array.from({ length: count }, (_, index) => ({ name: `${index}` })))
  return Book.createMany(writers.map(({ id, name }) => ({ title: name, writerId: id })))
}

/** In this file. */
function lineOfCaller(): number {
  return Number(/detector\.test\.ts:(\d+)/.exec(new Error().stack?.split('\n').slice(2).join('\n') ?? '')?.[1])
}

/** The warnings of `work`. */
async function warnings(work: () => Promise<unknown>): Promise<string[]> {
  const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
  try {
    await detectionScope(work)
    for (const [, name] of emitWarning.mock.calls) expect(name).toBe('CovetNPlusOneWarning')
    return emitWarning.mock.calls.map(([message]) => String(message))
  } finally {
    emitWarning.mockRestore()
  }
}

onEachEngine('the N+1 detector', (open) => {
  it('warns once, naming the line and the path, when rows are loaded one by one (ORM-8, Q14)', async () => {
    await using at = await open(models)
    await fill(100)
    const books = await Book.query()
    at.clear()
    let line = 0
    const heard = await warnings(async () => {
      line = lineOfCaller() + 1
      for (const book of books) await book.load('writer')
    })
    expect(at.statements).toHaveLength(100)
    expect(heard).toHaveLength(1)
    expect(heard[0]).toMatch(
      new RegExp(
        `^The same query ran 5 times with other keys, at .*detector\\.test\\.ts:${line}:\\d+: load 'writer' for all rows by \\.with\\('writer'\\) on the query of Book\\.$`,
      ),
    )
  })

  it('throws in strict mode (ORM-8)', async () => {
    await using _ = await open(models)
    await fill(6)
    const books = await Book.query()
    restore = detectNPlusOne({ mode: 'throw' })
    const run = detectionScope(async () => {
      for (const book of books) await book.load('writer')
    })
    await expect(run).rejects.toThrow(errors.NPlusOneError)
  })

  it('knows awaited queries by the line that begins them or awaits them, others by the line that runs them, and the relation they stand for (Q14)', async () => {
    await using _ = await open(models)
    await fill(6)
    const writers = await Writer.query()
    const begun = lineOfCaller() + 1
    const booksOf = (id: number): Query<Book> => Book.where('writerId', id)
    let [awaited, run] = [0, 0]
    const heard = await warnings(async () => {
      awaited = lineOfCaller() + 1
      for (const { id } of writers) await booksOf(id)
      run = lineOfCaller() + 1
      for (const { id } of writers) await booksOf(id).orderBy('title').first()
    })
    const told = "load them with their Writer by \\.with\\('books'\\)\\.$"
    // Who awaits a thenable, V8 knows from Node 26 on.
    const lines = [Number(process.versions.node.split('.')[0]) < 26 ? begun : awaited, run]
    expect(heard).toEqual(lines.map((line) => expect.stringMatching(`detector\\.test\\.ts:${line}:\\d+: ${told}`)))
  })

  it('counts find(), related(), counts and plain rows too', async () => {
    await using _ = await open(models)
    const books = await fill(6)
    expect(
      await warnings(async () => {
        for (const { writerId } of books) await Writer.find(writerId)
      }),
    ).toEqual([expect.stringContaining('Writer.findMany(keys)')])
    expect(
      await warnings(async () => {
        for (const writer of await Writer.query()) await writer.related('books')
      }),
    ).toEqual([expect.stringContaining(".with('books')")])
    expect(
      await warnings(async () => {
        for (const { id } of books) await Book.where('id', id).where('title', 'x').count()
        for (const { title } of books) await Book.where('title', title).select('id')
      }),
    ).toHaveLength(2)
  })

  it('says nothing of few, of equal keys, of other places and of other scopes', async () => {
    await using _ = await open(models)
    const books = await fill(8)
    const find = (book: Book): Promise<Writer | null> => Writer.find(book.writerId)
    expect(
      await warnings(async () => {
        for (const book of books.slice(0, 4)) await find(book)
      }),
    ).toEqual([])
    expect(
      await warnings(async () => {
        for (let round = 0; round < 20; round += 1) await find(books[0]!)
      }),
    ).toEqual([])
    expect(
      await warnings(async () => {
        for (const book of books) await detectionScope(() => find(book))
      }),
    ).toEqual([])
    expect(await warnings(async () => Writer.with('books'))).toEqual([])
    expect(
      await warnings(async () => {
        for (let page = 1; page <= 8; page += 1) await Writer.where('name', '!=', 'x').orderBy('id').paginate({ page, perPage: 1 })
        for (const { writerId } of books) await Book.where('writerId', '>', writerId).limit(1)
        for (const { id } of books) await Book.where('title', '0').where('id', '>', id)
      }),
    ).toEqual([])
  })

  it('is off, and has its threshold, as told', async () => {
    await using _ = await open(models)
    const books = await fill(6)
    const loop = async (): Promise<void> => {
      for (const { writerId } of books) await Writer.find(writerId)
    }
    restore = detectNPlusOne({ mode: 'off' })
    expect(await warnings(loop)).toEqual([])
    restore()
    restore = detectNPlusOne({ mode: 'warn', threshold: 7 })
    expect(await warnings(loop)).toEqual([])
    restore()
    restore = detectNPlusOne({ mode: 'warn', threshold: 2 })
    expect(await warnings(loop)).toHaveLength(1)
  })
})

describe('detectNPlusOne()', () => {
  it('refuses what it does not know', () => {
    expect(() => detectNPlusOne({ mode: 'loud' as 'warn' })).toThrow(errors.InvalidQueryError)
    expect(() => detectNPlusOne({ mode: 'warn', threshold: 1 })).toThrow(errors.InvalidQueryError)
  })
})
