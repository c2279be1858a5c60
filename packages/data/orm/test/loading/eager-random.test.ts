import { seededRandom, type SeededRandom } from '@covet/testing'
import { expect, it } from '@jest/globals'
import type { ModelClass, ModelMeta } from '../../src/meta/model-meta.ts'
import { metaOf } from '../../src/meta/registry.ts'
import { onAllButMysql } from '../support/engines.ts'
import { pictureOf } from '../support/picture.ts'
import { Comment, Group, Invoice, Line, Membership, models, Post, Profile, Reaction, Tag, Team, User } from './models.ts'

/** Rows of each table, and random queries of them on each engine. */
const size = 50
const queries = 60

/** A query as this test makes it: of models it learns of while it runs. */
interface AnyQuery extends PromiseLike<object[]> {
  with(relations: Readonly<Record<string, unknown>>): AnyQuery
  where(...condition: unknown[]): AnyQuery
  annotate(make: (columns: Readonly<Record<string, { isNull(): unknown }>>) => object): AnyQuery
  orderBy(column: string, direction?: string): AnyQuery
  limit(rows: number): AnyQuery
  offset(rows: number): AnyQuery
  only(...columns: string[]): AnyQuery
  defer(...columns: string[]): AnyQuery
  eager(strategy: string): AnyQuery
}

/** Some of a list, each once, in any order. */
function someOf<T>(list: readonly T[], count: number, random: SeededRandom): T[] {
  const left = [...list]
  const found: T[] = []
  while (found.length < count && left.length > 0) found.push(...left.splice(random.integer(left.length), 1))
  return found
}

async function fill(random: SeededRandom): Promise<void> {
  const many = <T>(make: (index: number) => T): T[] => Array.from({ length: size }, (_, index) => make(index))
  const any = <T extends { id: number }>(list: readonly T[]): number => random.pick(list).id
  const maybe = <T extends { id: number }>(list: readonly T[]): number | null => (random.next() < 0.3 ? null : any(list))
  const users = await User.createMany(many((n) => ({ name: `user ${n % 7}`, score: BigInt(n) * 9007199254740993n })))
  await Profile.createMany(users.slice(10).map(({ id }) => ({ bio: `of "${id}"`, userId: id })))
  const teams = await Team.createMany(many((n) => ({ name: `team ${n}`, ...(n % 3 === 0 && { deletedAt: new Date(n) }) })))
  const posts = await Post.createMany(
    many((n) => ({
      title: `post ${n}`,
      views: random.integer(10),
      authorId: any(users.slice(0, 20)),
      editorId: maybe(users),
      teamId: maybe(teams),
    })),
  )
  const comments = await Comment.createMany(many((n) => ({ body: `said ${n}`, postId: maybe(posts), authorId: any(users) })))
  await Reaction.createMany(
    many((n) => ({
      kind: `kind ${n % 2}`,
      ...(n % 2 === 0
        ? { subjectType: 'post' as const, subjectId: any(posts) }
        : { subjectType: 'comment' as const, subjectId: any(comments) }),
    })),
  )
  const tags = await Tag.createMany(many((n) => ({ name: `tag ${n}` })))
  const groups = await Group.createMany(many((n) => ({ name: `group ${n}` })))
  for (const user of users.slice(0, 8)) {
    await user.related('tags').add(...someOf(tags, 4, random))
    await user.related('friends').add(...someOf(users, 3, random))
  }
  await Membership.createMany(many((n) => ({ userId: users[n % 9]!.id, groupId: groups[n]!.id, role: `role ${n % 3}` })))
  const invoices = await Invoice.createMany(many((n) => ({ tenantId: n % 5, id: n, label: `invoice ${n}` })))
  await invoices[0]!.related('labels').add(...tags.slice(0, 3))
  await Line.createMany(
    many((n) => {
      const { tenantId, id } = random.pick(invoices)
      return { tenantId, invoiceId: id, amount: `${n}.50` }
    }),
  )
}

/** Relations with a query of their own or without one, some levels down. */
function randomWith(meta: ModelMeta, random: SeededRandom, depth: number): Readonly<Record<string, unknown>> {
  const wanted = someOf(meta.relationNames, 1 + random.integer(3), random)
  return Object.fromEntries(
    wanted.map((name) => {
      const relation = meta.relation(name)
      // The kinds of a polymorphic relation have no column in common but the key.
      if (relation.kind === 'polymorphic') return [name, random.next() < 0.5 ? true : (query: AnyQuery) => query.where('id', '>', 3)]
      if (!relation.many && random.next() < 0.4) return [name, true]
      const narrow = narrowing(relation.target, random, depth - 1)
      return [name, narrow]
    }),
  )
}

/** What a query of rows of a model is narrowed to; the same whenever it is asked for. */
function narrowing(meta: ModelMeta, random: SeededRandom, depth: number): (query: AnyQuery) => AnyQuery {
  const steps: ((query: AnyQuery) => AnyQuery)[] = []
  const key = meta.primaryKey.map(({ property }) => property)
  const [last = 'id'] = key.toReversed()
  const number = random.integer(15)
  if (random.next() < 0.5) steps.push((query) => query.where(last, '>', number))
  if (random.next() < 0.3) steps.push((query) => query.where(last, 'in', [number, number + 1, number + 7, 1, 2, 3, 5, 8, 13]))
  const column = random.pick(meta.columns)
  if (random.next() < 0.3) steps.push((query) => query.annotate((c) => ({ isMissing: c[column.property]?.isNull() })))
  if (random.next() < 0.5) {
    const direction = random.pick(['asc', 'desc'])
    if (meta.name === 'Post') steps.push((query) => query.orderBy('author.name', direction))
    steps.push((query) => query.orderBy(last, direction))
  }
  for (const property of key.toReversed()) steps.push((query) => query.orderBy(property))
  const [rows, from] = [1 + random.integer(4), random.integer(3)]
  if (random.next() < 0.25) steps.push((query) => query.limit(rows))
  if (random.next() < 0.2) steps.push((query) => query.offset(from))
  const some = someOf(
    meta.columns.map(({ property }) => property),
    2,
    random,
  )
  const columns = random.next()
  if (columns < 0.2) steps.push((query) => query.only(...some))
  else if (columns < 0.4) steps.push((query) => query.defer(...some))
  if (depth > 0 && random.next() < 0.8) {
    const below = randomWith(meta, random, depth)
    if (Object.keys(below).length > 0) steps.push((query) => query.with(below))
  }
  return (query) => steps.reduce((made, step) => step(made), query)
}

function instancesIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + instancesIn(each), 0)
  return value instanceof Object ? Object.values(value).reduce<number>((sum, member) => sum + instancesIn(member), 1) : 0
}

onAllButMysql("eager('json') of random relations", (open) => {
  it(`gives in ${queries} random queries over ${size} rows a table what the other strategy gives, instance by instance`, async () => {
    await using at = await open(models)
    const random = seededRandom(20)
    await fill(random)
    const statements = { json: 0, balanced: 0 }
    let instances = 0
    for (let index = 0; index < queries; index += 1) {
      const Model = random.pick(models) as unknown as ModelClass & { query(): AnyQuery }
      const meta = metaOf(Model)
      if (meta.relationNames.length === 0) continue
      const key = meta.primaryKey.map(({ property }) => property)
      let query = key.reduce((made, property) => made.orderBy(property), Model.query().with(randomWith(meta, random, 3)))
      if (random.next() < 0.5) query = query.where(key[0], '>', random.integer(31)).limit(1 + random.integer(20))
      at.clear()
      const json = await query.eager('json')
      statements.json += at.statements.length
      at.clear()
      const balanced = await query
      statements.balanced += at.statements.length
      expect(pictureOf(json)).toEqual(pictureOf(balanced))
      instances += instancesIn(json)
    }
    expect(instances).toBeGreaterThan(3_000)
    expect(statements.balanced).toBeGreaterThan(statements.json * 3)
  })
})
