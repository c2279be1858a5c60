import { expect, it } from '@jest/globals'
import { caseWhen, errors, f, Model } from '../src/index.ts'
import { Article, Author, blog } from './support/articles.ts'
import { onEachEngine } from './support/engines.ts'

class Interval extends Model('intervals', {
  id: f.id(),
  from: f.int(),
  to: f.int(),
  step: f.int(),
  at: f.int().default(0),
}) {}

onEachEngine('an update from the row itself', (open, dialect) => {
  it('makes every value of the row as it was, in whatever order the columns are named', async () => {
    await using _ = await open(blog)
    const author = await Author.create({ email: 'a@x.org' })
    const second = await Author.create({ email: 'b@x.org' })
    const { id } = await Article.create({ title: 'One', views: 2, authorId: author.id })
    const { id: other } = await Article.create({ title: 'Two', views: 7, authorId: author.id })
    await Article.where('id', id).update((c) => ({ views: c.views.add(5), title: caseWhen(c.views.eq(2), 'two').else('more') }))
    expect(await Article.findOrFail(id)).toMatchObject({ title: 'two', views: 7, version: 2 })
    // The version, which the framework counts on, is read before that.
    await Article.where('id', id).update((c) => ({ views: c.version.mul(10), title: caseWhen(c.views.eq(7), 'seven').else('more') }))
    expect(await Article.findOrFail(id)).toMatchObject({ title: 'seven', views: 20, version: 3 })
    // What a subquery reads of the row counts too.
    await Article.where('id', other).update((c) => ({
      authorId: second.id,
      views: Author.where((a) => a.id.eq(c.authorId)).select('id') as never,
    }))
    expect(await Article.findOrFail(other)).toMatchObject({ authorId: second.id, views: author.id, version: 2 })
    await Author.where('id', author.id).update((c) => ({ name: c.email, email: 'new@x.org' }))
    await Author.where('id', author.id).update((c) => ({ email: 'last@x.org', name: c.email }))
    expect(await Author.findOrFail(author.id)).toMatchObject({ email: 'last@x.org', name: 'new@x.org' })
  })

  it('exchanges columns, or says that the engine cannot', async () => {
    await using at = await open([Interval])
    const { id } = await Interval.create({ from: 1, to: 9, step: 3 })
    at.clear()
    const swap = (): Promise<number> => Interval.where('id', id).update((c) => ({ from: c.to, to: c.from }))
    const turn = (): Promise<number> => Interval.where('id', id).update((c) => ({ from: c.to, to: c.step.add(0), step: c.from, at: 5 }))
    if (dialect === 'mysql') {
      await expect(swap()).rejects.toThrow(errors.InvalidQueryError)
      await expect(swap()).rejects.toThrow("Interval.update() sets 'from' and 'to' from each other.")
      await expect(turn()).rejects.toThrow("sets 'from' and 'to' and 'step' from each other")
      expect(at.statements).toEqual([])
    } else {
      await swap()
      expect(await Interval.findOrFail(id)).toMatchObject({ from: 9, to: 1, step: 3 })
      await turn()
      expect(await Interval.findOrFail(id)).toMatchObject({ from: 1, to: 3, step: 9, at: 5 })
    }
  })
})
