import { isDeepStrictEqual } from 'node:util'
import type { Database } from '@covet/db'
import { describe, expect, it } from '@jest/globals'
import { belongsTo, errors, f, hasMany, Model, type Query } from '../../src/index.ts'
import { columnsOfEveryType, everything } from '../support/all-types.ts'
import { onAllButMysql } from '../support/engines.ts'
import { pictureOf } from '../support/picture.ts'
import { Comment, fillModels, Group, Invoice, Line, models, Post, Reaction, Tag, Team, User } from './models.ts'

/** What both strategies load. @returns how many statements each took */
async function expectAlike<T, P extends string, A>(
  query: Query<T, P, A>,
  statements: readonly string[],
  sorts = false,
): Promise<{ balanced: number; json: number }> {
  const before = statements.length
  const balanced = await query
  const between = statements.length
  const json = await query.eager('json')
  expect(pictureOf(json, sorts)).toEqual(pictureOf(balanced, sorts))
  return { balanced: between - before, json: statements.length - between }
}

class Box extends Model('boxes', { id: f.id(), name: f.string(), things: hasMany(() => Thing) }) {}

/** A column of every type, some without a value. */
class Thing extends Model('things', {
  id: f.bigid(),
  ...columnsOfEveryType,
  maybe: f.bytes().nullable(),
  perhaps: f.bool().nullable(),
  box: belongsTo(() => Box),
}) {}

/** So wide that no function takes all of its columns. */
const wideShape = Object.fromEntries(Array.from({ length: 130 }, (_, index) => [`field${index}`, f.int().default(index)]))
class Wide extends Model('wides', { id: f.id(), ...wideShape, owner: belongsTo(() => Owner) }) {}
class Owner extends Model('owners', { id: f.id(), wides: hasMany(() => Wide) }) {}

onAllButMysql("eager('json')", (open, dialect) => {
  it('loads relations of every kind and depth in one statement, as the other strategy does', async () => {
    await using at = await open(models)
    const { ann, bob, cy } = await fillModels()
    const [red, blue] = (await Tag.createMany([{ name: 'red' }, { name: 'blue' }])) as [Tag, Tag]
    await ann.related('tags').add(red, blue)
    await bob.related('tags').add(blue)
    await ann.related('friends').add(bob, cy)
    const staff = await Group.create({ name: 'staff' })
    await ann.related('groups').add(staff, { role: 'admin' })
    await bob.related('groups').add(staff)
    const [old, young] = (await Team.createMany([{ name: 'old' }, { name: 'young' }])) as [Team, Team]
    await Post.where('views', '>', 6).update({ teamId: young.id })
    await Post.where('views', '<', 3).update({ teamId: old.id })
    await old.delete()

    const whole = User.with('posts.comments.author', 'posts.editor', 'posts.team', 'posts.author', 'profile.user')
    const wider = whole.with('tags', 'groups', 'friends.friends').orderBy('id')
    const { balanced, json } = await expectAlike(wider, at.statements, true)
    expect(json).toBe(1)
    expect(balanced).toBeGreaterThan(5)

    const deep = Post.with('comments.post.comments.author', 'author.tags', 'author.posts').orderBy('id')
    expect((await expectAlike(deep, at.statements, true)).json).toBe(1)
  })

  it('takes the queries of relations into the statement, with what they are compared with', async () => {
    await using at = await open(models)
    await fillModels()
    const of = (least: number, rows: number) =>
      User.where('name', '!=', 'Cy')
        .with({
          posts: (q) =>
            q
              .where('views', '>', least)
              .where('author.name', 'in', ['Ann', 'Bob'])
              .where((c) => c.author.posts.any((p) => p.views.gt(least)))
              .annotate((c) => ({ said: c.comments.count(), twice: c.views.mul(2), on: c.views.gt(5) }))
              .orderBy('views', 'desc')
              .offset(1)
              .limit(rows)
              .with({ comments: (r) => r.where('body', 'contains', 'i').orderBy('body', 'desc').only('body'), author: true }),
          friends: true,
        })
        .where('id', '>', 0)
        .orderBy('name', 'desc')
        .limit(5)
    // The second time with the plan of the first.
    for (const [least, rows] of [
      [1, 2],
      [2, 1],
      [4, 3],
    ] as const) {
      expect((await expectAlike(of(least, rows), at.statements)).json).toBe(1)
    }
    const [bob] = await of(1, 2).eager('json')
    expect(bob!.posts.map((post) => post.views)).toEqual([7, 6])
  })

  it('gives every value as it is outside of JSON (ORM-3, trap 21)', async () => {
    await using at = await open([Box, Thing])
    const [box, other] = (await Box.createMany([{ name: 'full' }, { name: 'empty' }])) as [Box, Box]
    const edges = [0.1, 1 / 3, 5e-324, 1.7976931348623157e308, -2.5e-7, 123456789.12345679, 0, 1e21]
    await Thing.createMany(
      edges.map((ratio, index) => ({
        ...everything,
        ratio,
        boxId: box.id,
        big: index % 2 === 0 ? everything.big : -(2n ** 63n),
        count: index % 2 === 0 ? everything.count : -3,
        maybe: index % 2 === 0 ? null : new Uint8Array([0]),
        perhaps: [true, false, null][index % 3] as boolean | null,
        list: ['"5"', [[]], { __proto__x: 'NaN' }, 'null', 5, '', { a: 1e300 }, [1, 'ü"\\']][index],
      })),
    )
    const query = Box.with('things').orderBy('id')
    expect((await expectAlike(query, at.statements, true)).json).toBe(1)
    const [full, empty] = await query.eager('json')
    expect(empty!.things).toEqual([])
    expect(full!.things.map(({ ratio }) => ratio).toSorted()).toEqual(edges.toSorted())
    for (const thing of full!.things) {
      const { big: _big, count: _count, ratio: _ratio, list: _list, ...same } = everything
      expect(thing).toMatchObject(same)
      expect(thing.changes()).toEqual({})
    }
    at.clear()
    const [thing] = full!.things
    await thing!.save()
    expect(at.statements).toEqual([])
    thing!.text = 'new'
    thing!.boxId = other.id
    await thing!.save()
    expect((await Thing.findOrFail(thing!.id)).text).toBe('new')
  })

  it('reads composite keys, wide rows, and polymorphic relations by a query of their own', async () => {
    await using at = await open([...models, Wide, Owner])
    const { ann } = await fillModels()
    await Invoice.createMany([
      { tenantId: 1, id: 1, label: 'a' },
      { tenantId: 2, id: 1, label: 'b' },
    ])
    await Line.createMany([
      { tenantId: 1, invoiceId: 1, amount: '1.50' },
      { tenantId: 2, invoiceId: 1, amount: '2.00' },
      { tenantId: 2, invoiceId: 1, amount: '3.25' },
    ])
    expect((await expectAlike(Invoice.with('lines.invoice', 'labels').orderBy('tenantId'), at.statements, true)).json).toBe(1)

    const owner = await Owner.create({})
    await Wide.createMany([{ ownerId: owner.id }, { ownerId: owner.id, field99: 7 } as never])
    expect((await expectAlike(Owner.with('wides'), at.statements, true)).json).toBe(1)

    const [post] = await Post.where('authorId', ann.id).orderBy('id')
    await Reaction.create({ kind: 'like', subjectType: 'post', subjectId: post!.id })
    const reactions = Post.with({ reactions: (q) => q.with({ subject: (s) => s.where('id', '>', 0) }).where('kind', 'like') }).orderBy('id')
    expect((await expectAlike(reactions, at.statements)).json).toBe(2)
  })

  it('holds for a relation alone, for streams, pages, the first row, and what it is combined with', async () => {
    await using at = await open(models)
    const { ann, bob } = await fillModels()
    const query = User.with('posts.comments').orderBy('id').eager('json')
    const expected = await query
    at.clear()
    const streamed: unknown[] = []
    for await (const user of query.stream({ batch: 2 })) streamed.push(user)
    expect(pictureOf(streamed, true)).toEqual(pictureOf(expected, true))
    expect((await query.first())?.posts).toHaveLength(3)
    expect((await query.where('id', bob.id).get()).posts).toHaveLength(5)
    expect((await query.paginate({ perPage: 2 })).items).toHaveLength(2)
    expect(
      pictureOf(
        await User.where('id', ann.id)
          .union(User.where('id', '>', ann.id))
          .with('posts.comments')
          .orderBy('id')
          .eager('json'),
        true,
      ),
    ).toEqual(pictureOf(expected, true))
    expect(pictureOf(await User.query().distinct().with('posts.comments').orderBy('id').eager('json'), true)).toEqual(
      pictureOf(expected, true),
    )
    expect(JSON.parse(Buffer.from(await query.json()).toString())).toEqual(JSON.parse(JSON.stringify(expected)))
    expect(query.toSql().text).toContain('json')
    expect((await query.explain()).sql).toBe(query.toSql().text)
    expect(at.statements.filter((text) => !text.startsWith('explain') && !/count\(/.test(text.slice(0, 20))).length).toBeLessThanOrEqual(8)

    // From the cache, which keeps the rows.
    const cached = query.cache({ ttl: '1m' })
    expect(pictureOf(await cached, true)).toEqual(pictureOf(expected, true))
    at.clear()
    expect(pictureOf(await cached, true)).toEqual(pictureOf(expected, true))
    expect(at.statements).toEqual([])
    await Comment.where('body', 'first').delete()
    expect((await cached)[0]!.posts.flatMap(({ comments }) => comments)).toHaveLength(1)

    // Only below one relation.
    at.clear()
    const [first] = await User.with({ posts: (q) => q.with('comments.author', 'editor').orderBy('id').eager('json') }).orderBy('id')
    expect(at.statements).toHaveLength(2)
    expect(first!.posts[0]!.comments.map((comment) => comment.author.name).toSorted()).toEqual(['Cy'])
    at.clear()
    const loaded = await ann.load({ posts: (q) => q.with('comments').eager('json') })
    expect(at.statements).toHaveLength(1)
    expect(loaded.posts).toHaveLength(3)
    expect(await query.eager('balanced')).toHaveLength(3)
    expect(query.eager('balanced').toSql().text).not.toContain('json_')
  })

  it('takes long values in order: 15 texts of 32 kB below 40 rows, and 3000 rows of one', async () => {
    await using at = await open(models)
    const { ann, bob } = await fillModels()
    const long = 'é"\\'.repeat(8_000)
    await Post.createMany(
      [ann, bob].flatMap(({ id }) => Array.from({ length: 20 }, (_, n) => ({ title: `long ${n}`, views: (n * 7) % 20, authorId: id }))),
    )
    const posts = await Post.where('title', 'startsWith', 'long')
    const texts = posts.map(({ id, authorId }) => ({ body: `${id} ${long}`, postId: id, authorId }))
    await Comment.createMany(texts.slice(0, 15))
    const query = User.with({
      posts: (q) =>
        q
          .orderBy('views', 'desc')
          .orderBy('id')
          .with({ comments: (r) => r.orderBy('body', 'desc') }),
    })
    expect((await expectAlike(query.orderBy('id'), at.statements)).json).toBe(1)

    await Reaction.createMany(
      Array.from({ length: 3_000 }, (_, n) => ({ kind: `${n}`, subjectType: 'post' as const, subjectId: posts[0]!.id })),
    )
    const many = Post.with({ reactions: (q) => q.orderBy('kind', 'desc').orderBy('id') }).where('id', 'in', [posts[0]!.id, posts[1]!.id])
    expect((await expectAlike(many.orderBy('id'), at.statements)).json).toBe(1)
  })

  it('keeps those that came together peers of each other', async () => {
    await using at = await open(models)
    await fillModels()
    const users = await User.with('posts').orderBy('id').eager('json')
    at.clear()
    for (const user of users) for (const post of user.posts) await post.load('editor')
    expect(at.statements).toHaveLength(1)
  })

  it('refuses what would mean something else in a list for each owner', async () => {
    await using at = await open(models)
    await fillModels()
    at.clear()
    const refused = [
      User.with({ posts: (q) => q.annotate((c) => ({ place: c.views.sum().over() })) }),
      User.with({ posts: (q) => q.orderBy((c) => c.views.sum().over()) }),
      User.with({ posts: (q) => q.with({ comments: (r) => r.annotate((c) => ({ next: c.id.max().over().add(1) })) }) }),
      ...(dialect === 'sqlite' ? [] : [User.with({ posts: (q) => q.lock('update') })]),
    ]
    for (const query of refused) await expect(query.eager('json')).rejects.toThrow(errors.InvalidQueryError)
    expect(() => User.query().eager('lazy' as never)).toThrow("eager() takes 'json' or 'balanced'.")
    expect(at.statements).toEqual([])
  })

  if (dialect === 'mysql') {
    it('tells when MariaDB cut the rows, and never gives a part of them', async () => {
      await using at = await open(models)
      await fillModels()
      const outcomes = new Set<string>()
      for (const most of [20, 40, 60, 61, 62, 63, 64, 65, 66, 67, 68, 800]) {
        await at.db.transaction(async () => {
          await at.db.script(`set session group_concat_max_len = ${most}`)
          const outcome = await User.with('posts')
            .orderBy('id')
            .eager('json')
            .then((users) => users.map(({ posts }) => posts.length), String)
          await at.db.script('set session group_concat_max_len = default')
          outcomes.add(typeof outcome)
          if (typeof outcome === 'string') expect(outcome).toContain("The rows of 'posts' are more JSON")
          else expect(outcome).toEqual([3, 5, 0])
        })
      }
      expect(outcomes).toEqual(new Set(['string', 'object']))
    })
  }
})

describe("eager('json') on MySQL", () => {
  // No MySQL is at hand: what it calls itself is all that counts here.
  const mysql = { dialect: 'mysql', server: () => Promise.resolve({ product: 'MySQL' }) } as unknown as Database

  it('is refused, whose JSON has no order', async () => {
    const query = User.using(mysql).with('posts').eager('json')
    await expect(query).rejects.toThrow("eager('json') needs MariaDB, PostgreSQL or SQLite, and this is MySQL: leave it out.")
    await expect(query.first()).rejects.toThrow(errors.InvalidQueryError)
  })
})

describe('the picture', () => {
  it('tells instances that are one from those that are equal', () => {
    const one = { a: 1 }
    expect(isDeepStrictEqual(pictureOf([one, one]), pictureOf([one, { a: 1 }]))).toBe(false)
  })
})
