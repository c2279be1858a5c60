import { expect, it } from '@jest/globals'
import { Article, Author, blog, Label } from '../support/articles.ts'
import { onEachEngine } from '../support/engines.ts'

/** Two articles, the first with both labels. */
async function labelled(): Promise<{ first: Article; second: Article; red: Label; blue: Label }> {
  const author = await Author.create({ email: 'a@x.org' })
  const [first, second] = (await Article.createMany(['One', 'Two'].map((title) => ({ title, authorId: author.id })))) as [Article, Article]
  const [red, blue] = (await Label.createMany([{ text: 'red' }, { text: 'blue' }])) as [Label, Label]
  await first.related('labels').add(red, blue)
  await second.related('labels').add(blue)
  return { first, second, red, blue }
}

onEachEngine('queries through a junction', (open) => {
  it('leave the table behind it out while only its key is asked for (join pruning)', async () => {
    await using _ = await open(blog)
    const { first, second, red } = await labelled()
    const counted = Article.query()
      .orderBy('id')
      .select((c) => ({ labels: c.labels.count(), isRed: c.labels.any(({ id }) => id.eq(red.id)) }))
    expect(counted.toSql().text).not.toMatch(/join/)
    expect(await counted).toEqual([
      { labels: 2, isRed: true },
      { labels: 1, isRed: false },
    ])
    expect(await Article.where('labels.id', red.id)).toEqual([expect.objectContaining({ id: first.id })])
    expect(await Article.where((c) => c.labels.none(({ id }) => id.eq(red.id)))).toEqual([expect.objectContaining({ id: second.id })])
  })

  it('join it when something else of it is asked for', async () => {
    await using _ = await open(blog)
    const { first } = await labelled()
    const red = Article.where('labels.text', 'red')
    expect(red.toSql().text).toMatch(/inner join/)
    expect(await red).toEqual([expect.objectContaining({ id: first.id })])
    expect(await Article.where((c) => c.labels.articles.count().gt(2)).count()).toBe(1)
    const last = await Article.query()
      .orderBy('id')
      .select((c) => ({ last: c.labels.text.max() }))
    expect(last.map((row) => row.last)).toEqual(['red', 'blue'])
  })

  it('find the rows of one owner by the keys in the junction, not by looking at each row', async () => {
    await using _ = await open(blog)
    const { first, red, blue } = await labelled()
    const labels = first.related('labels')
    expect(labels.toSql().text).toMatch(/ in \(select /)
    expect((await labels.orderBy('text').select('text')).map(({ text }) => text)).toEqual(['blue', 'red'])
    expect(await labels.where('id', red.id).count()).toBe(1)
    await first.related('labels').remove(red)
    expect((await first.related('labels')).map(({ id }) => id)).toEqual([blue.id])
  })
})
