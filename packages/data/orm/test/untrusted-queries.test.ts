import { expect, it } from '@jest/globals'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { belongsTo, f, hasMany, Model } from '../src/index.ts'
import { onEachEngine, type OpenDatabase } from './support/engines.ts'

class Shop extends Model('shops', { id: f.id(), name: f.string(), items: hasMany(() => Item) }) {}
class Item extends Model('items', {
  id: f.id(),
  name: f.string({ max: 100 }),
  price: f.int(),
  cost: f.int().nullable().hidden(),
  shop: belongsTo(() => Shop).nullable(),
}) {}
const models = [Shop, Item] as const

const names = ['plain', '100%', 'a_b', 'axb', 'back\\slash', "o'clock; drop table items"]

type Name =
  | 'by'
  | 'direction'
  | 'column'
  | 'relation'
  | 'operator'
  | 'value'
  | 'condition'
  | 'limit'
  | 'offset'
  | 'text'
  | 'pattern'
  | 'key'
  | 'keys'

/** What a client sent. The compiler is told that it fits everywhere, as an application does that checks nothing itself. */
type Sent = Readonly<Record<Name, never>>

function application(): FastifyInstance {
  const app = Fastify()
  const get = (path: string, answer: (sent: Sent) => unknown): void => {
    app.get(path, async (request: FastifyRequest) => answer(request.query as Sent))
  }
  const post = (path: string, answer: (sent: Sent) => unknown): void => {
    app.post(path, async (request: FastifyRequest) => answer(request.body as Sent))
  }
  get('/order', ({ by, direction }) => Item.query().orderBy(by, direction))
  get('/select', ({ column }) => Item.query().select(column))
  get('/with', ({ relation }) => Item.query().with(relation))
  get('/where', ({ column, operator, value }) => Item.query().where(column, operator, value))
  get('/equal', ({ column, value }) => Item.query().where(column, value))
  get('/members', (members) => Item.query().where(members as never))
  get('/condition', ({ condition }) => Item.query().where(condition))
  get('/limit', ({ limit }) => Item.query().limit(limit))
  get('/offset', ({ offset }) => Item.query().limit(1).offset(offset))
  get('/page', (request) => Item.query().paginate(request as never))
  get('/cursor', (request) => Item.query().cursor({ size: 2, ...(request as object) } as never))
  get('/contains', ({ text }) => Item.query().where('name', 'contains', text).orderBy('id'))
  get('/like', ({ pattern }) => Item.query().where('name', 'like', pattern).orderBy('id'))
  get('/method', ({ pattern }) => Item.query().where((c) => c.name.like(pattern)))
  post('/find', ({ key }) => Item.find(key))
  post('/find-many', ({ keys }) => Item.findMany(keys))
  post('/where', ({ column, operator, value }) => Item.query().where(column, operator, value))
  post('/members', (members) => Item.query().where(members as never))
  post('/create', (values) => Item.create(values as never))
  post('/update', ({ key, ...values }) => Item.where('id', key).update(values as never))
  return app
}

interface Answer {
  readonly status: number
  readonly body: unknown
}

async function ask(app: FastifyInstance, path: string, sent: object): Promise<Answer> {
  const isPost = path.startsWith('POST ')
  const url = isPost ? path.slice(5) : `${path}?${new URLSearchParams(pairsOf(sent))}`
  const { statusCode, body } = await (isPost ? app.inject({ method: 'POST', url, payload: sent }) : app.inject(url))
  return { status: statusCode, body: JSON.parse(body) as unknown }
}

/** A list becomes a parameter that is there several times. */
function pairsOf(sent: object): [string, string][] {
  return Object.entries(sent).flatMap(([name, value]: [string, unknown]) =>
    (Array.isArray(value) ? value : [value]).map((each): [string, string] => [name, String(each)]),
  )
}

const noColumns = [
  'name; drop table items',
  'name desc',
  '1',
  '(select 1)',
  '"name"',
  '`name`',
  'name--',
  'items.name',
  'constructor',
  '__proto__',
  '',
  'name\0',
]
const noOperators = ['= 1 or 1', 'LIKE', '=;drop table items', 'toString', '__proto__', 'is', '', '||']
const noCounts = ['1;DROP TABLE items', '1', '-1', 'all', '1 offset 1', '1e9', 'NaN', '0x10', '']

/** What is sent where, and the code of the refusal. */
const refused: readonly (readonly [path: string, sent: object, code: RegExp])[] = [
  ...noColumns.flatMap((name) => [
    ['/order', { by: name }, /^orm\/unknown-(column|relation)$/] as const,
    ['/select', { column: name }, /^orm\/unknown-(column|relation)$/] as const,
    ['/where', { column: name, operator: '=', value: 'x' }, /^orm\/unknown-(column|relation)$/] as const,
    ['/equal', { column: name, value: 'x' }, /^orm\/unknown-(column|relation)$/] as const,
    ['/members', { [name]: 'x' }, /^orm\/unknown-(column|relation)$/] as const,
    ['/with', { relation: name }, /^orm\/unknown-relation$/] as const,
  ]),
  ...['desc; drop table items', 'DESC', 'desc nulls first', '', 'constructor'].map(
    (direction) => ['/order', { by: 'name', direction }, /^orm\/invalid-query$/] as const,
  ),
  ['/order', { by: ['name', 'id'] }, /^orm\/invalid-query$/],
  ['/order', { by: 'name', direction: ['asc', 'desc'] }, /^orm\/invalid-query$/],
  ['/order', {}, /^orm\/invalid-query$/],
  ['/select', { column: ['name', 'id'] }, /^orm\/invalid-query$/],
  ['/with', { relation: ['shop', 'shop'] }, /^orm\/(invalid-query|unknown-relation)$/],
  ['/condition', { condition: ['name', '1=1'] }, /^orm\/invalid-query$/],
  ['/condition', {}, /^orm\/undefined-value$/],
  ...noOperators.map((operator) => ['/where', { column: 'name', operator, value: 'x' }, /^orm\/unknown-operator$/] as const),
  ['/where', { column: 'name', operator: ['=', '='], value: 'x' }, /^orm\/unknown-operator$/],
  ['/where', { column: 'price', operator: '=', value: '1; drop table items' }, /^orm\/invalid-value$/],
  ['/where', { column: 'price', operator: '=', value: '1' }, /^orm\/invalid-value$/],
  ['/where', { column: 'name', operator: '=', value: ['a', 'b'] }, /^orm\/invalid-value$/],
  ['/where', { column: 'name', operator: '=' }, /^orm\/undefined-value$/],
  ['/where', { column: 'name', operator: 'in', value: 'a' }, /^orm\/invalid-value$/],
  ['/where', { column: 'name', operator: 'between', value: ['a', 'b', 'c'] }, /^orm\/invalid-value$/],
  ['/where', { column: 'name', operator: 'contains', value: ['%', '_'] }, /^orm\/invalid-value$/],
  ['/where', { column: 'name', operator: 'is null', value: 'true' }, /^orm\/invalid-value$/],
  ['/members', { price: '1 or 1=1' }, /^orm\/invalid-value$/],
  ...noCounts.flatMap((count) => [
    ['/limit', { limit: count }, /^orm\/invalid-query$/] as const,
    ['/offset', { offset: count }, /^orm\/invalid-query$/] as const,
    ['/page', { page: count }, /^orm\/invalid-query$/] as const,
    ['/page', { perPage: count }, /^orm\/invalid-query$/] as const,
    ['/cursor', { size: count }, /^orm\/invalid-query$/] as const,
  ]),
  ['/limit', { limit: ['1', '2'] }, /^orm\/invalid-query$/],
  ['/cursor', { after: "1' or 1=1" }, /^orm\/invalid-query$/],
  ['/cursor', { after: ['a', 'b'] }, /^orm\/invalid-query$/],
  ['/cursor', { after: 'a', before: 'b' }, /^orm\/invalid-query$/],
  ['/like', { pattern: '\\' }, /^orm\/invalid-value$/],
  ['/like', { pattern: '100\\%\\\\\\' }, /^orm\/invalid-value$/],
  ['/method', { pattern: 'a\\' }, /^orm\/invalid-value$/],
  ...[{ id: 1 }, ['1'], [1], '1 or 1=1', { pieces: [{ kind: 'text', text: '1; drop table items' }] }, true].map(
    (key) => ['POST /find', { key }, /^orm\/invalid-value$/] as const,
  ),
  ['POST /find-many', { keys: '1,2' }, /^orm\/invalid-query$/],
  ['POST /find-many', { keys: [1, { id: 2 }] }, /^orm\/invalid-value$/],
  ['POST /where', { column: { name: 1 }, operator: '=', value: 1 }, /^orm\/invalid-query$/],
  ['POST /where', { column: 'name', operator: { toString: '=' }, value: 'x' }, /^orm\/unknown-operator$/],
  ['POST /where', { column: 'name', operator: '=', value: { $ne: null } }, /^orm\/invalid-value$/],
  ['POST /where', { column: 'name', operator: '!=', value: { kind: 'raw', text: '1=1' } }, /^orm\/invalid-value$/],
  ['POST /where', { column: 'name', operator: 'in', value: [['a']] }, /^orm\/invalid-value$/],
  ['POST /where', { column: 'name', operator: 'like', value: { $regex: '.*' } }, /^orm\/invalid-value$/],
  ['POST /where', { column: 'name', operator: '>', value: null }, /^orm\/invalid-value$/],
  ['POST /members', { name: { $gt: '' } }, /^orm\/invalid-value$/],
  ['POST /members', { price: true }, /^orm\/invalid-value$/],
  ['POST /create', { name: ['a'], price: 1 }, /^orm\/invalid-value$/],
  ['POST /create', { name: { toString: 'a' }, price: 1 }, /^orm\/invalid-value$/],
  ['POST /create', { name: 'a', price: '1;drop table items' }, /^orm\/invalid-value$/],
  ['POST /update', { key: 1, name: { sql: 'x' } }, /^orm\/invalid-value$/],
  ['POST /update', { key: [1, 2], name: 'x' }, /^orm\/invalid-value$/],
  ['POST /update', { key: 1, 'name = 1; --': 'x' }, /^orm\/unknown-column$/],
]

async function contents({ db }: OpenDatabase): Promise<readonly unknown[]> {
  return [await db.sql`select id, name, price from items order by id`, await db.sql`select id, name from shops order by id`]
}

async function fill(): Promise<void> {
  const shop = await Shop.create({ name: 'corner' })
  await Item.createMany(names.map((name, price) => ({ name, price, shopId: shop.id })))
}

onEachEngine('SQL-02 what clients send where a query takes a name, an operator, a count or one value', (open) => {
  it('SQL-02 is refused with 400 before a statement is sent, unless it is what the call takes; hidden columns are not named', async () => {
    await using at = await open(models)
    await fill()
    const before = await contents(at)
    const app = application()
    at.clear()
    const wrong: unknown[] = []
    for (const [path, sent, code] of refused) {
      const { status, body } = await ask(app, path, sent)
      const named = JSON.stringify(body).includes('cost')
      if (status !== 400 || named || !code.test(String((body as { code?: unknown }).code))) wrong.push([path, sent, status, body])
    }
    expect(wrong).toEqual([])
    expect(at.statements).toEqual([])
    expect(await contents(at)).toEqual(before)
    await app.close()
  })

  it('SQL-02 is a value where it may be any: `%`, `_` and `\\` mean themselves, and so does SQL', async () => {
    await using at = await open(models)
    await fill()
    const before = await contents(at)
    const app = application()
    const found = async (path: string, sent: object): Promise<unknown> => {
      const { status, body } = await ask(app, path, sent)
      return status === 200 ? (body as { name: string }[]).map(({ name }) => name) : { status, body }
    }
    expect(await found('/contains', { text: '%' })).toEqual(['100%'])
    expect(await found('/contains', { text: '_' })).toEqual(['a_b'])
    expect(await found('/contains', { text: '\\' })).toEqual(['back\\slash'])
    expect(await found('/contains', { text: '\\%' })).toEqual([])
    expect(await found('/contains', { text: '*' })).toEqual([])
    expect(await found('/contains', { text: '[a-z]' })).toEqual([])
    // What is asked for as a pattern is one.
    expect(await found('/like', { pattern: 'a_b' })).toEqual(['a_b', 'axb'])
    expect(await found('/like', { pattern: 'a\\_b' })).toEqual(['a_b'])
    expect(await found('/like', { pattern: 'back\\\\%' })).toEqual(['back\\slash'])
    for (const value of names) expect(await found('/equal', { column: 'name', value })).toEqual([value])
    for (const value of ["x' or '1'='1", '1; drop table items', "\\' or 1=1 -- ", '?', '$1', ':name', '@x', '{{name}}'])
      expect(await found('/equal', { column: 'name', value })).toEqual([])
    // A list of values for a member means any of them; it never means more.
    expect(await found('/members', { name: ['plain', "' or 1=1 --"] })).toEqual(['plain'])
    const created = await ask(app, 'POST /create', { name: "'); drop table items; --", price: 7 })
    expect(created).toMatchObject({ status: 200, body: { name: "'); drop table items; --" } })
    await Item.where('price', 7).delete()
    expect(await contents(at)).toEqual(before)
    await app.close()
  })
})
