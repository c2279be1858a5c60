import { expect, it } from '@jest/globals'
import { belongsTo, errors, f, hasMany, Model, timestamps } from '../src/index.ts'
import { onEachEngine } from './support/engines.ts'
import { openGenerated } from './support/generated.ts'

const shape = {
  id: f.id(),
  title: f.string(),
  body: f.text().nullable(),
  size: f.int().default(0),
  ...timestamps(),
  deletedAt: f.deletedAt(),
  version: f.version(),
}

class PlainPage extends Model('pages', shape) {}
class Page extends Model('pages', { ...shape, twice: f.int().generated() }) {}
class Book extends Model('books', { id: f.id(), name: f.string(), chapters: hasMany(() => Chapter) }) {}
class Chapter extends Model('chapters', {
  id: f.id(),
  title: f.string(),
  body: f.text().nullable(),
  version: f.version(),
  book: belongsTo(() => Book),
}) {}

const generated = { plain: PlainPage, model: Page, column: 'twice bigint generated always as (size * 2)' } as const

onEachEngine('an instance of some columns', (open) => {
  it('is compared and saved by those it has', async () => {
    await using _ = await openGenerated(open, generated)
    const { id } = await Page.create({ title: 'one', body: 'text', size: 3 })
    const page = await Page.query().only('title').firstOrFail()
    expect(page.isDirty()).toBe(false)
    await page.save()
    page.title = 'two'
    expect(page.changes()).toEqual({ title: 'two' })
    await page.save()
    expect(page.isDirty()).toBe(false)
    expect(() => (page as Page).body).toThrow(errors.ColumnNotRead)
    page.title = 'three'
    await page.save()
    expect(await Page.findOrFail(id)).toMatchObject({ title: 'three', body: 'text', size: 3, twice: 6, version: 3 })
  })

  it('writes a column that it lacks and was given, to NULL too', async () => {
    await using _ = await openGenerated(open, generated)
    const { id } = await Page.create({ title: 'one', body: 'text', size: 3 })
    const page = await Page.query().defer('body', 'size').firstOrFail()
    const whole = page as Page
    whole.body = null
    whole.size = 4
    expect(page.changes()).toEqual({ body: null, size: 4 })
    await page.save()
    expect(await Page.findOrFail(id)).toMatchObject({ title: 'one', body: null, size: 4, twice: 8 })
    expect(page.isDirty()).toBe(false)
  })

  it('is deleted, restored and refreshed, and stale when somebody else wrote it', async () => {
    await using _ = await openGenerated(open, generated)
    const { id } = await Page.create({ title: 'one', body: 'text' })
    const page = await Page.query().only('title').firstOrFail()
    await page.delete()
    await page.restore()
    expect(page.isDirty()).toBe(false)
    await page.refresh()
    expect(page).toMatchObject({ body: 'text', version: 3 })
    const stale = await Page.query().only('title').firstOrFail()
    await Page.where({ id }).update({ title: 'other' })
    await expect(stale.forceDelete()).rejects.toBeInstanceOf(errors.StaleObject)
    await (await Page.query().defer('version').firstOrFail()).forceDelete()
    expect(await Page.query().count()).toBe(0)
  })

  it('prints those that were asked for, not the version it is saved by', async () => {
    await using _ = await openGenerated(open, generated)
    const { id } = await Page.create({ title: 'one', body: 'text', size: 3 })
    for (const query of [Page.query().only('title'), Page.query().only('title', 'version').only('title')]) {
      const json = JSON.stringify([{ id, title: 'one' }])
      expect(JSON.stringify(await query)).toBe(json)
      expect(Buffer.from(await query.json()).toString()).toBe(json)
      for await (const line of query.ndjson()) expect(Buffer.from(line).toString()).toBe(`${json.slice(1, -1)}\n`)
      const streamed: unknown[] = []
      for await (const page of query.stream()) streamed.push(page)
      expect(JSON.stringify(streamed)).toBe(json)
    }
    const named = Page.query().only('title', 'version')
    expect(JSON.stringify(await named)).toBe(JSON.stringify([{ id, title: 'one', version: 1 }]))
    expect(Buffer.from(await named.json()).toString()).toBe(JSON.stringify(await named))
    const without = Page.query().defer('version', 'createdAt', 'updatedAt')
    expect(Buffer.from(await without.json()).toString()).toBe(JSON.stringify(await without))
    expect(JSON.stringify(await without)).not.toContain('version')
    const page = await Page.query().only('title').firstOrFail()
    page.title = 'two'
    await page.save()
    await page.refresh()
    expect(page.toJSON()).toMatchObject({ title: 'two', body: 'text', version: 2 })
  })

  it('comes with a relation too', async () => {
    await using _ = await open([Book, Chapter])
    const book = await Book.create({ name: 'a' })
    await Chapter.create({ title: 'one', body: 'text', bookId: book.id })
    const titles = Book.query().with({ chapters: (chapters) => chapters.only('title', 'bookId') })
    for (const query of [titles, titles.eager('json')]) {
      const [chapter] = (await query.firstOrFail()).chapters
      expect(chapter!.isDirty()).toBe(false)
      expect(chapter!.toJSON()).not.toHaveProperty('version')
      chapter!.title += '!'
      await chapter!.save()
    }
    expect(await Chapter.query().firstOrFail()).toMatchObject({ title: 'one!!', body: 'text', version: 3 })
  })
})
