import { type Eq, ok } from './assert.ts'
import { belongsTo, f, hasMany, hasOne, lag, Model } from '../../../src/index.ts'

export class Desk extends Model('desks', { id: f.id(), name: f.string(), places: f.int(), people: hasMany(() => Person) }) {}
export class Badge extends Model('badges', { id: f.id(), code: f.string(), holder: belongsTo(() => Person) }) {}
export class Person extends Model('people', {
  id: f.id(),
  email: f.string(),
  age: f.int(),
  desk: belongsTo(() => Desk),
  lead: belongsTo(() => Person).nullable(),
  badge: hasOne(() => Badge),
  papers: hasMany(() => Paper, { inverse: 'author' }),
}) {}
export class Paper extends Model('papers', {
  id: f.id(),
  title: f.string(),
  views: f.int(),
  bonus: f.int().nullable(),
  price: f.decimal(10, 2),
  token: f.uuid(),
  open: f.bool(),
  scan: f.bytes(),
  at: f.time(),
  author: belongsTo(() => Person),
  editor: belongsTo(() => Person).nullable(),
}) {}

// What a to-one relation leads to may be no row, and so may all that is reached from there.
const reached = await Paper.query().select((c) => ({
  author: c.author.email,
  desk: c.author.desk.name,
  editor: c.editor.email,
  editorId: c.editor.id,
  editorsDesk: c.editor.desk.name,
  lead: c.author.lead.desk.name,
  badge: c.author.badge.code,
  shout: c.editor.email.upper(),
  known: c.editor.email.coalesce('nobody'),
  before: lag(c.editor.email).over({ orderBy: c.id }),
}))
ok<
  Eq<
    (typeof reached)[number],
    {
      author: string
      desk: string
      editor: string | null
      editorId: number | null
      editorsDesk: string | null
      lead: string | null
      badge: string | null
      shout: string | null
      known: string
      before: string | null
    }
  >
>()
const noted = (await Paper.query().annotate((c) => ({ by: c.editor.email, place: c.editor.desk.name })))[0]!
ok<Eq<typeof noted.by, string | null>>()
ok<Eq<typeof noted.place, string | null>>()
// @ts-expect-error may be nothing
ok<Eq<(typeof noted.by)['length'], number>>()
const grouped = await Paper.query().groupBy(
  (c) => ({ by: c.editor.email, desk: c.author.desk.name }),
  (c) => ({ n: c.id.count() }),
)
ok<Eq<(typeof grouped)[number], { by: string | null; desk: string; n: number }>>()

// So they compare with null, in callbacks and by paths; what must be there does not.
Paper.where('editor.email', null).where('editor.desk.name', '!=', null).where('editor.id', 'in', [1, null])
Paper.query().where('author.badge.code', null)
Person.where('papers.editor.email', null)
Paper.where((c) =>
  c.editor.email
    .eq(null)
    .or(c.editor.desk.name.ne(null))
    .or(c.author.badge.code.in(['x', null])),
)
Person.where((c) => c.papers.any((paper) => paper.editor.email.eq(null)))
// @ts-expect-error each paper has an author
Paper.where('author.email', null)
// @ts-expect-error each author has a desk
Paper.where('author.desk.name', null)
// @ts-expect-error each author has a desk
Paper.where((c) => c.author.desk.name.eq(null))
// @ts-expect-error null is not more than anything
Paper.where('editor.email', '>', null)
// @ts-expect-error a row of the papers is there, and has a title
Paper.where('editor.papers.title', null)
// @ts-expect-error still text
Paper.where('editor.email', 5)

// Computing with what may be missing may give nothing.
const computed = await Paper.query().select((c) => ({
  plain: c.views.add(1).sub(c.author.age).mul(2).div(2).mod(3),
  added: c.views.add(c.bonus),
  less: c.views.sub(c.editor.age),
  times: c.price.mul(c.bonus),
  own: c.bonus.add(1),
  filled: c.views.add(c.bonus.coalesce(0)),
  share: c.price.div(c.views),
  rest: c.views.mod(c.author.age),
}))
ok<
  Eq<
    (typeof computed)[number],
    {
      plain: number
      added: number | null
      less: number | null
      times: string | null
      own: number | null
      filled: number
      share: string | null
      rest: number | null
    }
  >
>()
// @ts-expect-error text that may be missing makes the whole missing
Paper.query().select((c) => ({ line: c.title.concat(c.editor.email) }))

// The least and the greatest are of what every engine orders.
const extremes = await Paper.query().aggregate((c) => ({ last: c.at.max(), title: c.title.min(), tokens: c.token.countDistinct() }))
ok<Eq<typeof extremes, { last: string | null; title: string | null; tokens: number }>>()
// @ts-expect-error no least uuid
void Paper.query().aggregate((c) => ({ x: c.token.min() }))
// @ts-expect-error no greatest bool
void Paper.query().aggregate((c) => ({ x: c.open.max() }))
// @ts-expect-error no greatest bytes
void Paper.query().aggregate((c) => ({ x: c.scan.max() }))
const many = (await Person.query().annotate((c) => ({ at: c.papers.at.max(), open: c.papers.open.count(), sum: c.papers.views.sum() })))[0]!
ok<Eq<typeof many.at, string | null>>()
ok<Eq<typeof many.open, number>>()
ok<Eq<typeof many.sum, number | null>>()
// @ts-expect-error the same of many rows
Person.query().annotate((c) => ({ x: c.papers.token.max() }))
// @ts-expect-error the same of many rows
Person.query().annotate((c) => ({ x: c.papers.open.min() }))
// @ts-expect-error text has no sum
Person.query().annotate((c) => ({ x: c.papers.title.sum() }))
