/* oxlint-disable no-unused-expressions -- reading a property is the test: it compiles or not */
import { type Eq, ok } from './assert.ts'
import type { Static } from 'typebox'
import {
  belongsTo,
  f,
  hasMany,
  JsonNull,
  manyToMany,
  Model,
  polymorphic,
  timestamps,
  type With,
  and,
  caseWhen,
  exists,
  not,
  now,
  or,
  rank,
  raw,
  rowNumber,
  value,
} from '../../../src/index.ts'
import { Post } from './post.ts'
import { User } from './user.ts'

export class Tenant extends Model('tenants', { id: f.id(), name: f.string({ max: 80 }), invoices: hasMany(() => Bill) }) {}
export class Bill extends Model(
  'bills',
  {
    tenant: belongsTo(() => Tenant),
    id: f.int(),
    total: f.decimal(12, 2),
    lines: hasMany(() => BillLine),
    secret: f.string().hidden(),
    ...timestamps(),
  },
  { primary: ['tenantId', 'id'] },
) {}
export class BillLine extends Model('bill_lines', {
  id: f.bigid(),
  qty: f.int(),
  tenantId: f.int(),
  bill: belongsTo(() => Bill, { fk: { tenantId: 'tenantId', billNumber: 'id' } }),
  doubled: f.int().generated(),
}) {}
export class Note extends Model('notes', {
  id: f.uuid(),
  body: f.text(),
  subject: polymorphic({ post: () => Post, user: () => User }),
  about: polymorphic({ bill: () => BillLine }).nullable(),
  ratings: manyToMany(() => User, { through: () => Rating }),
}) {}
export class Rating extends Model('ratings', {
  id: f.id(),
  stars: f.int(),
  note: belongsTo(() => Note),
  user: belongsTo(() => User),
}) {}
export class Settings extends Model(
  'settings',
  {
    user: belongsTo(() => User),
    data: f.json<{ theme: string; sizes: number[]; deep: { flag: boolean } }>(),
    ssn: f.string().encrypted(),
  },
  { primary: ['userId'] },
) {}

// composite keys
await Bill.find({ tenantId: 1, id: 2 })
// @ts-expect-error one part of the key is missing
await Bill.find({ tenantId: 1 })
// @ts-expect-error the key is no single value
await Bill.find(1)
await Settings.find(3)
await Note.find('0195')
// @ts-expect-error the key is text
await Note.find(5)
const line = new BillLine()
ok<Eq<typeof line.billNumber, number>>()
ok<Eq<typeof line.tenantId, number>>()
await BillLine.create({ qty: 1, tenantId: 1, billNumber: 2 })
// @ts-expect-error the engine computes it
await BillLine.create({ qty: 1, tenantId: 1, billNumber: 2, doubled: 2 })

// polymorphic relations
const note = (await Note.with('subject', 'about'))[0]!
ok<Eq<typeof note.subjectType, 'post' | 'user'>>()
ok<Eq<typeof note.subjectId, number>>()
ok<Eq<typeof note.aboutId, bigint | null>>()
if (note.subject instanceof Post) note.subject.title.length
else note.subject.email.length
// @ts-expect-error may be nothing
note.about.qty
await Note.create({ body: 'x', subjectType: 'post', subjectId: 1 })
// @ts-expect-error no such kind
await Note.create({ body: 'x', subjectType: 'tag', subjectId: 1 })
// @ts-expect-error a polymorphic relation leads to no single table
Note.where('subject.title', 'x')

// the junction's columns
const rated = (await Note.with('ratings'))[0]!
ok<Eq<(typeof rated.ratings)[number]['pivot']['stars'], number>>()
await note.related('ratings').add(new User(), { stars: 3 })
await note.related('ratings').set([new User(), 4])
// @ts-expect-error no such column on the junction
await note.related('ratings').add(new User(), { moons: 3 })
await new Post().related('editor').set(null)
// @ts-expect-error must refer to somebody
await new Post().related('author').set(null)

// ordering
Post.query().orderBy('author.profile.bio', 'desc', { nulls: 'first' })
// @ts-expect-error a post has many comments: there is no one value to order by
Post.query().orderBy('comments.body')
// @ts-expect-error the same further on
Post.query().orderBy('author.posts.title')
Post.query().orderBy((c) => c.comments.count(), 'desc')
Post.query().orderBy((c) => c.comments.id.max())
Post.query().orderBy((c) => c.title.lower().desc({ nulls: 'first' }))

// conditions
Post.where('views', '>', 3).where('views', 'between', [1, 5]).where('title', 'icontains', 'x')
Post.where('publishedAt', '<', '2026-01-01T00:00:00Z').where({ authorId: [1, 2], editorId: null })
Post.where('id', 'in', Post.where('draft' as never, true as never).select('id'))
Post.where((c) => c.id.in(Post.query().select('id')))
// @ts-expect-error a column of text is no list of ids
Post.where((c) => c.id.in(Post.query().select('title')))
// @ts-expect-error no such operator
Post.where('views', '~', 3)
// @ts-expect-error undefined is no value
Post.where('views', undefined)
// @ts-expect-error null is not more than anything
Post.where('publishedAt', '>', null)
Post.where((c) => or(c.views.gt(3), and(c.title.contains('x'), not(c.author.email.eq('a'))), exists(User.where('id', 1))))
Post.where((c) => c.comments.any((r) => r.author.id.eq(c.authorId)))
Post.where((c) => c.comments.all((r) => r.body.ne('')).and(c.tags.none()))
Post.where((c) => c.comments.count((r) => r.body.ne('')).gt(3))
// @ts-expect-error a sum over rows is no condition on one of them
Post.where((c) => c.views.sum().gt(5))
// @ts-expect-error a number has no case
Post.where((c) => c.views.lower())
// @ts-expect-error the rows together have no single title
Post.where((c) => c.comments.body.eq('x'))
// @ts-expect-error encrypted: it cannot be compared
Settings.where((c) => c.ssn.eq('x'))

// expressions
const shown = await Post.query().select((c) => ({
  shout: c.title.upper().concat('!'),
  year: c.publishedAt.year(),
  kind: caseWhen(c.views.gt(100), 'popular').when(c.views.gt(10), 'known').else('quiet'),
  place: rank().over({ partitionBy: c.authorId, orderBy: c.views.desc() }),
  running: c.views.sum().over({ orderBy: c.id, frame: { unit: 'rows', from: 'unbounded preceding', to: 'current row' } }),
  at: now(),
  one: value(1).add(2),
  own: raw<bigint>`length(${c.title})`,
  a: c.meta.path('a'),
}))
ok<
  Eq<
    (typeof shown)[number],
    {
      shout: string
      year: number | null
      kind: string
      place: number
      running: number | null
      at: Date
      one: number
      own: bigint
      a: number | null
    }
  >
>()
await Settings.create({ userId: 1, ssn: 'x', data: JsonNull })
await Post.create({ title: 'x', authorId: 1, meta: JsonNull })
// @ts-expect-error no other symbol
await Post.create({ title: 'x', authorId: 1, meta: Symbol.iterator })
Settings.where('data', JsonNull)
ok<Eq<Settings['data'], { theme: string; sizes: number[]; deep: { flag: boolean } }>>()
const newSettings = Settings.schema('create')
ok<Eq<Static<typeof newSettings>['data'], Settings['data']>>()
Settings.where((c) => c.data.path('deep', 'flag').isTrue().and(c.data.path('sizes', 0).gt(3)))
// @ts-expect-error no such member
Settings.where((c) => c.data.path('thme').eq('x'))
// @ts-expect-error text is not added to a number
Post.query().annotate((c) => ({ n: c.views.add('1') }))
// @ts-expect-error an aggregate annotates nothing without a window
Post.query().annotate((c) => ({ n: c.views.sum() }))

// annotations by name
const named = User.query().annotate((c) => ({ written: c.posts.count(), place: rowNumber().over({ orderBy: c.id }) }))
named
  .where('written', '>', 3)
  .where('written', 1)
  .where('email', 'x')
  .orderBy('written', 'desc')
  .orderBy((c) => c.place.desc())
named.where((c) => c.written.gt(3).and(c.email.eq('x'))).where((c) => c.place.lte(3))
named.with('posts').where((c) => or(c.written.gt(3), c.place.eq(1)))
const pairs = await named.select('id', 'written')
ok<Eq<typeof pairs, { id: number; written: number }[]>>()
const doubled = (await named.annotate((c) => ({ twice: c.written.mul(2) })).where('twice', 4))[0]!
ok<Eq<typeof doubled.twice, number>>()
ok<Eq<typeof doubled.written, number>>()
const most = await named.aggregate((c) => ({ most: c.written.max(), last: c.place.max() }))
ok<Eq<typeof most, { most: number | null; last: number | null }>>()
const sizes = await named.groupBy(['written', 'email'], (c) => ({ users: c.id.count(), name: c.name.max() })).having((c) => c.users.gt(1))
ok<Eq<(typeof sizes)[number], { written: number; email: string; users: number; name: string | null }>>()
named
  .groupBy(
    (c) => ({ half: c.written.div(2) }),
    (c) => ({ users: c.id.count(), name: c.name.max() }),
  )
  // a name that a column has is the column's
  .having((c) => and(c.half.gt(1), c.name.max().eq('x')))
named.select('id').where('written', 3)
// @ts-expect-error no such name
named.where('writen', 3)
// @ts-expect-error no such name
named.where((c) => c.writen.gt(3))
// @ts-expect-error a number
named.where('written', 'x')
// @ts-expect-error a number
named.where('written', '>', 'x')
// @ts-expect-error no such name
named.orderBy('writen')
// @ts-expect-error no such name
named.select('id', 'writen')
// @ts-expect-error no such name
named.groupBy(['writen'], (c) => ({ n: c.id.count() }))
// @ts-expect-error of another query
User.query().where('written', 3)
// @ts-expect-error a window alone is no condition
named.where((c) => c.place)
// @ts-expect-error an aggregate is no condition on rows
named.where((c) => c.id.count().gt(1))

// sums and averages
const sums = await BillLine.query().aggregate((c) => ({
  n: c.qty.sum(),
  big: c.id.sum(),
  mean: c.qty.avg(),
  bigMean: c.id.avg(),
  few: c.id.count().filter(c.qty.gt(3)),
}))
ok<Eq<typeof sums, { n: number | null; big: bigint | null; mean: number | null; bigMean: string | null; few: number }>>()
const totals = await Bill.query()
  .groupBy(['tenantId'], (c) => ({ total: c.total.sum(), mean: c.total.avg() }))
  .having((c) => c.total.sum().gt('5'))
  .orderBy('total', 'desc')
ok<Eq<(typeof totals)[number], { tenantId: number; total: string | null; mean: string | null }>>()
const months = await Bill.query().groupBy(
  (c) => ({ month: c.createdAt.month() }),
  (c) => ({ n: c.id.count() }),
)
ok<Eq<(typeof months)[number], { month: number; n: number }>>()
// @ts-expect-error text has no sum
void Bill.query().aggregate((c) => ({ n: c.secret.sum() }))
const grouped = Bill.query().groupBy(['tenantId'], (c) => ({ n: c.id.count() }))
// @ts-expect-error no column of the groups
grouped.orderBy('total')

// parts of rows
const part = (await Post.query().only('title').with('author'))[0]!
part.title.length
part.author.email.length
part.authorName()
// @ts-expect-error not read
part.views
const rest = (await Post.query().defer('meta'))[0]!
rest.views.toFixed()
// @ts-expect-error not read
rest.meta

// writes
await Post.where('id', 1).update((c) => ({ views: c.views.add(c.comments.count()), publishedAt: null }))
await Post.upsert([{ title: 'x', authorId: 1 }], { on: ['title'], update: ['views'] })
// @ts-expect-error no such column
await Post.upsert([{ title: 'x', authorId: 1 }], { on: ['titel'] })
const counted = await Post.updateMany([
  { id: 1, title: 'x', views: 2, publishedAt: null, editorId: null },
  { id: 2, title: 'y' },
])
ok<Eq<typeof counted, number>>()
// @ts-expect-error the key says which row is meant
await Post.updateMany([{ title: 'x' }])
// @ts-expect-error of another type
await Post.updateMany([{ id: 1, views: '2' }])
// @ts-expect-error no such column
await Post.updateMany([{ id: 1, titel: 'x' }])
class Seat extends Model('seats', { hall: f.int(), row: f.string(), taken: f.bool() }, { primary: ['hall', 'row'] }) {}
await Seat.updateMany([{ hall: 1, row: 'A', taken: true }])
// @ts-expect-error both columns of the key
await Seat.updateMany([{ hall: 1, taken: true }])
await Post.query().unfiltered().delete()
const made = await Post.firstOrCreate({ title: 'x' }, { authorId: 1 })
made.authorName()
const extra = (await Post.raw`select *, 1 as n from posts where id = ${1}`)[0]!
ok<Eq<typeof extra.n, unknown>>()
extra.title.length
Post.on('beforeSave', (post) => {
  post.title.trim()
})
// @ts-expect-error no such hook
Post.on('beforeLoad', () => {})

// pages, recursion, sets
const page = await Post.with('author').paginate({ page: 2, perPage: 10 })
page.items[0]?.author.email
const next = await Post.query().cursor({ size: 10, after: null })
ok<Eq<typeof next.next, string | null>>()
User.query().recursive({ from: (query) => query.where('id', 1), via: 'friends' })
Post.where('id', 1).union(Post.where('id', 2)).orderBy('id')

// shared queries
const unshared = Post.where('views', '>', 100).with('author')
const busy = unshared.shared()
ok<Eq<typeof busy, typeof unshared>>()
const busiest = (await busy.where('title', 'x').annotate((c) => ({ n: c.comments.count() })))[0]!
ok<Eq<typeof busiest.n, number>>()
busiest.author.email
User.where((c) => c.id.in(busy.select('authorId'))).where((c) => exists(busy.where((post) => post.authorId.eq(c.id))))
const sharedIds = busy.select('id').shared()
ok<Eq<Awaited<typeof sharedIds>, { id: number }[]>>()
Post.where((c) => c.id.in(sharedIds))
// @ts-expect-error other values than the column's
Post.where((c) => c.title.in(sharedIds))
const groups = Post.query().groupBy(['authorId'], (c) => ({ n: c.id.count() }))
// @ts-expect-error groups are no rows of a model
groups.shared()

// loading on an instance
const inOne = (
  await User.with({ posts: (query) => query.with('comments').eager('json') })
    .where('id', 1)
    .eager('json')
    .limit(3)
)[0]!
ok<Eq<(typeof inOne)['posts'][0]['comments'][0]['body'], string>>()
const related = await new User().related('posts').with('author').eager('json').first()
related?.author.email
// @ts-expect-error no such strategy
User.query().eager('lazy')
// What a relation's query adds to its rows, or leaves out of them.
const told = await User.with({
  posts: (query) =>
    query
      .annotate((c) => ({ said: c.comments.count(), twice: c.views.mul(2) }))
      .with('comments')
      .orderBy('id')
      .limit(3),
  friends: (query) => query.annotate((c) => ({ big: c.id.gt(5) })),
  profile: (query) => query.only('bio'),
})
ok<Eq<(typeof told)[0]['posts'][0]['said'], number>>()
told.flatMap((user) => user.posts.map((post) => [post.said + post.twice, post.title, post.comments[0]?.body]))
told[0]!.friends[0]!.big satisfies boolean
told[0]!.profile?.bio
// @ts-expect-error left out
told[0]!.profile?.userId
// @ts-expect-error only of the posts
told[0]!.friends[0]!.said
told satisfies User[]
const deep = await User.with({
  posts: (query) => query.with({ comments: (c) => c.annotate((d) => ({ long: d.body.length() })) }).where('views', 1),
})
ok<Eq<(typeof deep)[0]['posts'][0]['comments'][0]['long'], number>>()
const both = await Post.query()
  .annotate((c) => ({ n: c.views.add(1) }))
  .with({ author: (query) => query.annotate((c) => ({ m: c.posts.count() })) })
  .first()
ok<Eq<NonNullable<typeof both>['author']['m'], number>>()
ok<Eq<NonNullable<typeof both>['n'], number>>()
const later = await new User().load({ posts: (query) => query.annotate((c) => ({ said: c.comments.count() })), profile: true })
ok<Eq<(typeof later)['posts'][0]['said'], number>>()
later.profile?.bio
const loaded = await new User().load({ posts: (query) => query.where('views', '>', 3).with('comments') })
loaded.posts[0]!.comments[0]!.body
export function needs(user: With<User, 'posts.comments'>): number {
  return user.posts.length
}
needs(loaded)

// names of methods are no names of columns
// @ts-expect-error 'save' is a method of every model
export class Broken extends Model('broken', { id: f.id(), save: f.bool() }) {}
// what is no model compiles, because nothing may look at it here; linking the models refuses it
export class Odd extends Model('odd', { id: f.id(), fives: hasMany(() => 5) }) {}

// redeclared columns keep their type (a `declare` leaves the value alone)
export class Narrow extends Model('narrow', { id: f.id(), state: f.string() }) {
  declare state: 'on' | 'off'
}
ok<Eq<Narrow['state'], 'on' | 'off'>>()

// answers
ok<Eq<keyof ReturnType<Bill['toJSON']>, 'tenantId' | 'id' | 'total' | 'createdAt' | 'updatedAt'>>()
ok<Eq<ReturnType<Bill['toJSON']>['createdAt'], string>>()
