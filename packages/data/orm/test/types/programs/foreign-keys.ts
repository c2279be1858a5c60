/* oxlint-disable no-unused-expressions -- reading a property is the test: it compiles or not */
import { type Eq, ok } from './assert.ts'
import { Model, f, belongsTo, hasMany } from '../../../src/index.ts'
import { User } from './user.ts'
import { Post } from './post.ts'
export class Invoice extends Model('invoices', {
  id: f.uuid(),
  owner: belongsTo(() => User, { fk: 'owner_ref' }),
  payer: belongsTo(() => User, { fk: 'payer_ref' }).nullable(),
  lines: hasMany(() => Line),
}) {}
export class Line extends Model('lines', { id: f.id(), amount: f.decimal(10, 2), qty: f.int(), invoice: belongsTo(() => Invoice) }) {}
const i = new Invoice()
ok<Eq<typeof i.owner_ref, number>>()
ok<Eq<typeof i.payer_ref, number | null>>()
const l = new Line()
ok<Eq<typeof l.invoiceId, string>>()
// @ts-expect-error no default fk name
i.ownerId
await Invoice.create({ owner_ref: 1 })
// @ts-expect-error missing owner_ref
await Invoice.create({ payer_ref: 1 })
await Invoice.where('owner_ref', 3)
  .where('owner.email', 'x')
  .where({ payer_ref: null, id: ['a', 'b'] })
// @ts-expect-error wrong type in object form
await Invoice.query().where({ owner_ref: 'x' })
const a = await User.query().with({ posts: (q) => q.where('title', 'x').orderBy('id').limit(3).with('comments'), profile: true })
a[0]!.posts[0]!.comments[0]!.body
a[0]!.profile?.bio
// @ts-expect-error not loaded
a[0]!.posts[0]!.tags
const b = await User.query().with({ posts: (q) => q.with({ comments: (c) => c.with('author') }) })
b[0]!.posts[0]!.comments[0]!.author.email
await Post.where('id', 1).update((c) => ({ views: c.views.add(1), title: 'y' }))
// @ts-expect-error text is no number
await Post.where('id', 1).update({ views: 'x' })
const g = await Line.query().groupBy(['invoiceId'], (c) => ({ total: c.qty.sum(), n: c.id.count() }))
ok<Eq<(typeof g)[number]['invoiceId'], string>>()
ok<Eq<(typeof g)[number]['total'], number | null>>()
const ag = await Post.query().aggregate((c) => ({ m: c.publishedAt.max() }))
ok<Eq<typeof ag.m, Date | null>>()
for await (const p of Post.query().with('author').stream()) p.author.email
// @ts-expect-error typo in object form
User.query().with({ postz: true })
