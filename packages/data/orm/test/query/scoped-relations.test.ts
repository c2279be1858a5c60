import { beforeEach, expect, it } from '@jest/globals'
import { and, belongsTo, exists, type Expr, type Expression, f, hasMany, manyToMany, Model } from '../../src/index.ts'
import { onAllButMysql, onEachEngine } from '../support/engines.ts'

/** Who asks; 0 sees all of it, by a condition of another shape. */
let tenant = 1

class Desk extends Model('desks', {
  id: f.id(),
  name: f.string(),
  total: f.int().default(0),
  articles: hasMany(() => Article),
  labels: manyToMany(() => Label),
}) {}

class Article extends Model(
  'articles',
  {
    id: f.id(),
    title: f.string(),
    tenant: f.int(),
    views: f.int(),
    desk: belongsTo(() => Desk),
    notes: hasMany(() => Note),
    reviews: hasMany(() => Review),
  },
  { scope: (c) => (tenant === 0 ? c.tenant.gt(0) : c.tenant.eq(tenant)) },
) {}

class Note extends Model('notes', { id: f.id(), body: f.string(), article: belongsTo(() => Article) }) {}

/** Seen by whom the article is seen, whose scope counts here too. */
class Review extends Model(
  'reviews',
  { id: f.id(), stars: f.int(), article: belongsTo(() => Article), replies: hasMany(() => Reply) },
  { scope: (c) => and(viewed(c), c.stars.gt(0)) },
) {}

/** At run time the relations are at hand too; as types they would be circular. */
function viewed(columns: object): Expr {
  const { article } = columns as { readonly article: { readonly views: { gt(value: number): Expr } } }
  return article.views.gt(0)
}

class Reply extends Model('replies', { id: f.id(), text: f.string(), review: belongsTo(() => Review) }) {}

class Label extends Model(
  'labels',
  { id: f.id(), text: f.string(), tenant: f.int(), desks: manyToMany(() => Desk, { inverse: 'labels' }) },
  { scope: (c) => c.tenant.eq(tenant) },
) {}

class Folder extends Model(
  'folders',
  { id: f.id(), name: f.string(), tenant: f.int(), parent: belongsTo(() => Folder).nullable(), children: hasMany(() => Folder) },
  { scope: (c) => c.tenant.eq(tenant) },
) {}

/** Asks for itself on the way back: inside of its own condition it is not asked again. */
class Topic extends Model('topics', { id: f.id(), name: f.string(), messages: hasMany(() => Message) }, { scope: (c) => spokenOf(c) }) {}

function spokenOf({ id }: { readonly id: Expression<number, 'row'> }): Expr {
  return exists(Message.where('topic.name', '!=', 'closed').where((m) => and(m.topicId.eq(id), m.tenant.eq(tenant))))
}

class Message extends Model('messages', { id: f.id(), tenant: f.int(), topic: belongsTo(() => Topic) }) {}

const models = [Topic, Message, Desk, Article, Note, Review, Reply, Label, Folder] as const

/** One desk with two articles of the first tenant, and one of the second that has the most of everything. */
async function fill(): Promise<Desk> {
  const desk = await Desk.create({ name: 'News' })
  const [one, two, other] = (await Article.createMany([
    { title: 'mine', tenant: 1, views: 3, deskId: desk.id },
    { title: 'dull', tenant: 1, views: 0, deskId: desk.id },
    { title: 'theirs', tenant: 2, views: 9, deskId: desk.id },
  ])) as [Article, Article, Article]
  await Note.createMany([
    { body: 'a', articleId: one.id },
    { body: 'b', articleId: other.id },
    { body: 'c', articleId: other.id },
  ])
  const [good, , odd] = (await Review.createMany([
    { stars: 4, articleId: one.id },
    { stars: 5, articleId: two.id },
    { stars: 2, articleId: other.id },
    { stars: 0, articleId: one.id },
  ])) as [Review, Review, Review]
  await Reply.createMany([
    { text: 'thanks', reviewId: good.id },
    { text: 'no', reviewId: odd.id },
  ])
  const [red, blue] = (await Label.createMany([
    { text: 'red', tenant: 1 },
    { text: 'blue', tenant: 2 },
  ])) as [Label, Label]
  await desk.related('labels').add(red, blue)
  return desk
}

onEachEngine('the scope of related rows', (open) => {
  beforeEach(() => {
    tenant = 1
  })

  /** What the same code gives for one tenant after the other, and back again. */
  async function forEach<T>(ask: () => Promise<T>): Promise<readonly T[]> {
    const answers: T[] = []
    for (const each of [1, 2, 0, 1]) {
      tenant = each
      answers.push(await ask())
    }
    return answers
  }

  it('holds in the conditions of paths and predicates, asked for anew by each query', async () => {
    await using _ = await open(models)
    await fill()
    expect(await forEach(() => Desk.where('articles.title', 'theirs').count())).toEqual([0, 1, 1, 0])
    expect(await forEach(() => Desk.where('articles.title', 'mine').exists())).toEqual([true, false, true, true])
    expect(await forEach(() => Desk.where((c) => c.articles.any((a) => a.views.gt(5))).count())).toEqual([0, 1, 1, 0])
    expect(await forEach(() => Desk.where((c) => c.articles.all((a) => a.views.gt(5))).count())).toEqual([0, 1, 0, 0])
    expect(await forEach(() => Desk.where((c) => c.articles.none((a) => a.title.eq('mine'))).count())).toEqual([0, 1, 0, 0])
    expect(await forEach(() => Desk.where('articles.notes.body', 'b').count())).toEqual([0, 1, 1, 0])
    expect(await forEach(() => Desk.where('labels.text', 'blue').count())).toEqual([0, 1, 0, 0])
    expect(await forEach(() => Desk.where({ 'articles.title': 'theirs' } as never).count())).toEqual([0, 1, 1, 0])
    expect(await forEach(() => Desk.where('name', 'News').where('articles.views', '>', 1).where('articles.views', '<', 9).count())).toEqual(
      [1, 0, 1, 1],
    )
  })

  it('holds in aggregates, as in what is loaded', async () => {
    await using _ = await open(models)
    await fill()
    const aggregates = async (): Promise<readonly unknown[]> => {
      const [row] = await Desk.query().select((c) => ({
        count: c.articles.count(),
        busy: c.articles.count((a) => a.views.gt(1)),
        views: c.articles.views.sum(),
        notes: c.articles.notes.count(),
        labels: c.labels.count(),
      }))
      return Object.values(row ?? {})
    }
    expect(await forEach(aggregates)).toEqual([
      [2, 1, 3, 1, 1],
      [1, 1, 9, 2, 1],
      [3, 2, 12, 3, 0],
      [2, 1, 3, 1, 1],
    ])
    const titles = async (desks: PromiseLike<readonly { readonly articles: readonly Article[] }[]>): Promise<readonly string[]> =>
      (await desks).flatMap(({ articles }) => articles.map(({ title }) => title)).toSorted()
    const loaded = [['dull', 'mine'], ['theirs'], ['dull', 'mine', 'theirs'], ['dull', 'mine']]
    expect(await forEach(() => titles(Desk.query().with('articles')))).toEqual(loaded)
    expect(await forEach(() => titles(Desk.query().with({ articles: (q) => q.orderBy('id') })))).toEqual(loaded)
    expect(
      await forEach(
        async () =>
          await Desk.query()
            .orderBy((c) => c.articles.count())
            .count(),
      ),
    ).toEqual([1, 1, 1, 1])
  })

  it('leaves nothing of a row that a to-one relation leads to', async () => {
    await using _ = await open(models)
    await fill()
    const titles = [
      ['mine', null, null],
      [null, 'theirs', 'theirs'],
      ['mine', 'theirs', 'theirs'],
      ['mine', null, null],
    ]
    const selected = Note.query().orderBy('id')
    expect(await forEach(async () => (await selected.select((c) => ({ title: c.article.title }))).map(({ title }) => title))).toEqual(
      titles,
    )
    expect(await forEach(async () => (await selected.annotate((c) => ({ title: c.article.title }))).map(({ title }) => title))).toEqual(
      titles,
    )
    expect(
      await forEach(async () => (await Note.query().with('article').orderBy('id')).map(({ article }) => article?.title ?? null)),
    ).toEqual(titles)
    const texts = async (json: Promise<unknown>): Promise<readonly unknown[]> =>
      (JSON.parse(String(await json)) as { title: unknown }[]).map(({ title }) => title)
    expect(await forEach(() => texts(selected.select((c) => ({ title: c.article.title })).json() as Promise<unknown>))).toEqual(titles)
    const loaded = async (): Promise<readonly unknown[]> =>
      (JSON.parse(String(await Note.query().with('article').orderBy('id').json())) as { article: Article | null }[]).map(
        ({ article }) => article?.title ?? null,
      )
    expect(await forEach(loaded)).toEqual(titles)
    expect(await forEach(() => Note.where('article.title', 'theirs').count())).toEqual([0, 2, 2, 0])
    expect(await forEach(() => Note.where('article.title', 'is null', true).count())).toEqual([2, 1, 0, 2])
    expect(await forEach(() => Note.where('article.id', 'is null', true).count())).toEqual([2, 1, 0, 2])
    expect(await forEach(() => Note.where('article.id', '>', 0).count())).toEqual([1, 2, 3, 1])
    expect(await forEach(() => Note.where((c) => c.article.id.gt(0)).count())).toEqual([1, 2, 3, 1])
    expect(await forEach(() => Note.where((c) => c.article.views.gt(5)).count())).toEqual([0, 2, 2, 0])
    expect(await forEach(async () => (await Note.query().orderBy('article.title', 'desc').orderBy('body').first())?.body)).toEqual([
      'a',
      'b',
      'b',
      'a',
    ])
  })

  it('may ask for relations itself, whose scopes hold there too', async () => {
    await using _ = await open(models)
    await fill()
    // Of tenant 1 the review of the article nobody views and the one without stars are out.
    expect(await forEach(() => Review.query().count())).toEqual([1, 1, 2, 1])
    expect(
      await forEach(async () =>
        (
          await Article.query()
            .annotate((c) => ({ count: c.reviews.count() }))
            .orderBy('id')
        ).map(({ count }) => count),
      ),
    ).toEqual([[1, 0], [1], [1, 0, 1], [1, 0]])
    expect(
      await forEach(async () =>
        (
          await Reply.query()
            .select((c) => ({ stars: c.review.stars }))
            .orderBy('id')
        ).map(({ stars }) => stars),
      ),
    ).toEqual([
      [4, null],
      [null, 2],
      [4, 2],
      [4, null],
    ])
    expect(await forEach(() => Reply.where('review.article.title', 'theirs').count())).toEqual([0, 1, 1, 0])
    expect(
      await forEach(
        async () =>
          await Desk.query()
            .select((c) => ({ replies: c.articles.reviews.replies.count(), stars: c.articles.reviews.stars.sum() }))
            .first(),
      ),
    ).toEqual([
      { replies: 1, stars: 4 },
      { replies: 1, stars: 2 },
      { replies: 2, stars: 6 },
      { replies: 1, stars: 4 },
    ])
  })

  it('of the model itself counts for its related rows, and ends there', async () => {
    await using _ = await open(models)
    const top = await Folder.create({ name: 'top', tenant: 1 })
    const hidden = await Folder.create({ name: 'hidden', tenant: 2, parentId: top.id })
    await Folder.createMany([
      { name: 'deep', tenant: 1, parentId: hidden.id },
      { name: 'near', tenant: 1, parentId: top.id },
    ])
    const parents = async (): Promise<unknown> =>
      (
        await Folder.query()
          .select((c) => ({ name: c.name, parent: c.parent.name }))
          .orderBy('id')
      ).map(({ name, parent }) => [name, parent])
    tenant = 1
    expect(await parents()).toEqual([
      ['top', null],
      ['deep', null],
      ['near', 'top'],
    ])
    expect(
      (
        await Folder.query()
          .annotate((c) => ({ inside: c.children.count() }))
          .orderBy('id')
      ).map(({ inside }) => inside),
    ).toEqual([1, 0, 0])
    const tree = Folder.query().recursive({ from: (q) => q.where('name', 'top'), via: 'children' })
    expect((await tree.orderBy('id')).map(({ name }) => name)).toEqual(['top', 'near'])
    expect((await tree.unscoped().orderBy('id')).map(({ name }) => name)).toEqual(['top', 'hidden', 'deep', 'near'])
    tenant = 2
    expect(await parents()).toEqual([['hidden', null]])
  })

  it('holds in the walk of recursive() from combined and shared rows too', async () => {
    await using _ = await open(models)
    const [top, other] = await Folder.createMany([
      { name: 'top', tenant: 1 },
      { name: 'other', tenant: 1 },
    ])
    const hidden = await Folder.create({ name: 'hidden', tenant: 2, parentId: top!.id })
    await Folder.createMany([
      { name: 'deep', tenant: 1, parentId: hidden.id },
      { name: 'near', tenant: 1, parentId: other!.id },
    ])
    tenant = 1
    const from = (q: { where(name: 'name', value: string): unknown }): never => q.where('name', 'top') as never
    const names = async (query: { orderBy(name: 'id'): PromiseLike<readonly Folder[]> }): Promise<readonly string[]> =>
      (await query.orderBy('id')).map(({ name }) => name)
    const all = Folder.where('name', '!=', 'near').union(Folder.where('name', 'near'))
    expect(await names(all.recursive({ from, via: 'children' }))).toEqual(['top'])
    expect(await names(Folder.query().shared().recursive({ from, via: 'children' }))).toEqual(['top'])
    expect(await names(all.unscoped().recursive({ from, via: 'children' }))).toEqual(['top', 'deep'])
  })

  it('may have queries that lead back to its own model', async () => {
    await using _ = await open(models)
    const [open_, closed] = await Topic.createMany([{ name: 'open' }, { name: 'closed' }])
    await Message.createMany([
      { tenant: 1, topicId: open_!.id },
      { tenant: 1, topicId: closed!.id },
      { tenant: 2, topicId: open_!.id },
    ])
    expect(await forEach(() => Topic.query().count())).toEqual([1, 1, 0, 1])
    expect(
      await forEach(async () =>
        (
          await Message.query()
            .select((c) => ({ topic: c.topic.name }))
            .orderBy('id')
        ).map(({ topic }) => topic),
      ),
    ).toEqual([
      ['open', null, 'open'],
      ['open', null, 'open'],
      [null, null, null],
      ['open', null, 'open'],
    ])
  })

  it('is a part of subqueries, combinations and writes', async () => {
    await using _ = await open(models)
    const desk = await fill()
    expect(
      await forEach(() => Desk.where((c) => exists(Note.where('article.title', 'theirs').where((n) => n.id.gt(c.id)))).count()),
    ).toEqual([0, 1, 1, 0])
    expect(
      await forEach(() => Note.where((n) => exists(Desk.where((d) => and(d.id.gt(0), n.article.title.eq('theirs'))))).count()),
    ).toEqual([0, 2, 2, 0])
    expect(await forEach(() => Note.where('article.title', 'theirs').union(Note.where('article.title', 'mine')).count())).toEqual([
      1, 2, 3, 1,
    ])
    expect(
      await forEach(() => {
        const read = Note.where('article.views', '>', 1).shared()
        return Note.where((c) => and(c.id.in(read.select('id')), c.id.in(read.where('article.title', '!=', 'x').select('id')))).count()
      }),
    ).toEqual([1, 2, 3, 1])
    expect(
      await forEach(() =>
        Desk.where((c) =>
          exists(
            Article.query()
              .unscoped()
              .where((a) => and(a.deskId.eq(c.id), a.tenant.eq(2))),
          ),
        ).count(),
      ),
    ).toEqual([1, 1, 1, 1])
    expect(await forEach(() => Desk.query().unscoped().where('articles.title', 'theirs').count())).toEqual([0, 1, 1, 0])
    expect(
      await forEach(async () => {
        await Desk.where('id', desk.id).update((c) => ({ total: c.articles.count() }))
        return (await Desk.findOrFail(desk.id)).total
      }),
    ).toEqual([2, 1, 3, 2])
    tenant = 2
    expect(await Note.where('article.title', 'mine').delete()).toBe(0)
    expect(await Note.where('article.title', 'theirs').delete()).toBe(2)
  })
})

onAllButMysql("the scope of related rows by eager('json')", (open, dialect) => {
  it('is asked for anew by each query', async () => {
    await using _ = await open(models)
    await fill()
    const read = async (): Promise<unknown> => {
      const [desk] = await Desk.query()
        .with({ articles: (q) => q.annotate((c) => ({ read: c.reviews.count() })).orderBy('id') })
        .eager('json')
      return desk?.articles.map(({ title, read }) => [title, read])
    }
    const answers: unknown[] = []
    for (const each of [1, 2, 1]) {
      tenant = each
      answers.push(await read())
    }
    expect({ dialect, answers }).toEqual({
      dialect,
      answers: [
        [
          ['mine', 1],
          ['dull', 0],
        ],
        [['theirs', 1]],
        [
          ['mine', 1],
          ['dull', 0],
        ],
      ],
    })
    tenant = 1
    const notes = Note.query().with('article.reviews').orderBy('id').eager('json')
    expect((await notes).map(({ article }) => article?.reviews.length ?? null)).toEqual([1, null, null])
    tenant = 2
    expect(
      (await Note.query().with('article.reviews').orderBy('id').eager('json')).map(({ article }) => article?.reviews.length ?? null),
    ).toEqual([null, 1, 1])
  })
})
