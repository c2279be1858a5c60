import { errors as dbErrors } from '@covet/db'
import { expect, it } from '@jest/globals'
import { errors, raw } from '../../src/index.ts'
import { onEachEngine } from '../support/engines.ts'
import { Comment, fillModels, Group, Invoice, Line, Membership, models, Post, Profile, Reaction, Tag, Team, User } from './models.ts'

onEachEngine('with()', (open, dialect) => {
  it('loads relations of relations in one query per relation, equal rows as one instance (ORM-9, Q15)', async () => {
    await using at = await open(models)
    const writers = await User.createMany(Array.from({ length: 50 }, (_, index) => ({ name: `writer ${index}` })))
    await Profile.createMany(writers.map(({ id }, index) => ({ bio: `bio ${index}`, userId: id })))
    const posts = await Post.createMany(writers.flatMap(({ id }) => [1, 2].map((n) => ({ title: `post ${n}`, authorId: id }))))
    await Comment.createMany(posts.map(({ id }) => ({ body: 'said', postId: id, authorId: writers[0]!.id })))
    at.clear()

    const users = await User.with('posts.comments.author', 'profile').orderBy('id')

    expect(at.statements.length).toBeLessThanOrEqual(5)
    expect(users).toHaveLength(50)
    const authors = users.flatMap((user) => user.posts.flatMap((post) => post.comments.map((comment) => comment.author)))
    expect(authors).toHaveLength(100)
    expect(new Set(authors).size).toBe(1)
    expect(authors[0]).toBeInstanceOf(User)
    expect(users.map(({ profile }) => profile?.bio)).toEqual(writers.map((_, index) => `bio ${index}`))
  })

  it('limits each row’s own, in two queries (ORM-10)', async () => {
    await using at = await open(models)
    const writers = await User.createMany(Array.from({ length: 20 }, (_, index) => ({ name: `writer ${index}` })))
    await Post.createMany(
      writers.flatMap(({ id }, writer) => [3, 1, 4, 2, 5].map((views) => ({ title: `${writer}`, views: views + writer, authorId: id }))),
    )
    at.clear()

    const users = await User.with({ posts: (q) => q.orderBy('views', 'desc').limit(3) }).orderBy('id')

    expect(at.statements).toHaveLength(2)
    expect(users.map(({ posts }) => posts.map(({ views }) => views))).toEqual(
      writers.map((_, writer) => [5 + writer, 4 + writer, 3 + writer]),
    )
  })

  it('counts offset and limit for each row, through a junction too', async () => {
    await using _ = await open(models)
    const { ann, bob } = await fillModels()
    const tags = await Tag.createMany(['d', 'a', 'c', 'b'].map((name) => ({ name })))
    await ann.related('tags').add(...tags)
    await bob.related('tags').add(...tags.slice(0, 2))

    const posts = (q: import('../../src/index.ts').Query<Post>) => q.orderBy('views').offset(1).limit(2).with('author')
    const users = await User.with({ posts, tags: (q) => q.orderBy('name').limit(2) }).orderBy('id')

    expect(users.map((user) => user.posts.map(({ views }) => views))).toEqual([[5, 9], [3, 6], []])
    expect(users[0]?.posts.map(({ author }) => author.name)).toEqual(['Ann', 'Ann'])
    expect(users.map((user) => user.tags.map(({ name }) => name))).toEqual([['a', 'b'], ['a', 'd'], []])
  })

  it('keeps each root row once with all of its children under a filter and a limit (ORM-6, trap 20)', async () => {
    await using _ = await open(models)
    const [zero, five, twenty] = (await User.createMany([{ name: 'zero' }, { name: 'five' }, { name: 'twenty' }])) as [User, User, User]
    const of = (user: User, count: number) =>
      Array.from({ length: count }, (__, index) => ({ title: `${index}`, views: index + 1, authorId: user.id }))
    await Post.createMany([...of(five, 5), ...of(twenty, 20)])

    const query = User.with('posts').where('posts.views', '>', 0).orderBy('id')
    for (let round = 0; round < 3; round += 1) {
      const users = await query.limit(2)
      expect(users.map((user) => [user.name, user.posts.length])).toEqual([
        ['five', 5],
        ['twenty', 20],
      ])
    }
    expect(await query.count()).toBe(2)
    expect(zero.id).toBeGreaterThan(0)
  })

  it('annotates with two relations and loads them, each counted by itself (ORM-7)', async () => {
    await using _ = await open(models)
    const { ann } = await fillModels()
    const groups = await Group.createMany(['a', 'b', 'c', 'd'].map((name) => ({ name })))
    await ann.related('groups').add(...groups)

    const user = await User.where('id', ann.id)
      .annotate((c) => ({ posted: c.posts.count(), joined: c.groups.count() }))
      .with('posts.author', 'groups')
      .get()

    expect(user).toMatchObject({ posted: 3, joined: 4 })
    expect(user.posts).toHaveLength(3)
    expect(user.groups).toHaveLength(4)
    expect(user.posts[0]?.author.name).toBe('Ann')
  })

  it('gives to-one relations their row, null where there is none, and one instance for one row (Q15)', async () => {
    await using at = await open(models)
    const { ann } = await fillModels()
    at.clear()
    const posts = await Post.with('author.profile', 'editor').orderBy('id')

    expect(at.statements).toHaveLength(dialect === 'sqlite' ? 4 : 1)
    expect(posts[0]?.author).toBe(posts[1]?.author)
    expect(posts[0]?.author.profile?.bio).toBe('of Ann')
    expect(posts[3]?.author.profile).toBeNull()
    expect(posts[3]?.editor).toBeNull()
    expect(posts[0]?.editor?.name).toBe('Bob')
    // Reached by another relation it is another instance, as two finds are.
    expect(posts[3]?.author.name).toBe('Bob')
    expect(posts[3]?.author).not.toBe(posts[0]?.editor)
    expect((await Profile.with('user').where('userId', ann.id).get()).user?.name).toBe('Ann')
    await Profile.create({ bio: 'nobody', userId: null })
    expect((await Profile.with('user').where('bio', 'nobody').get()).user).toBeNull()
  })

  it('asks the joined relation itself, and filters by the same join', async () => {
    await using at = await open(models)
    await fillModels()
    at.clear()
    const posts = await Post.where('author.name', 'Ann').with('author').orderBy('author.name').orderBy('views')
    expect(posts.map(({ views, author }) => [views, author.name])).toEqual([
      [1, 'Ann'],
      [5, 'Ann'],
      [9, 'Ann'],
    ])
    if (dialect !== 'sqlite') expect(at.statements.join().match(/join/g)).toHaveLength(1)
  })

  it('sends nothing for no rows, and for rows without a key', async () => {
    await using at = await open(models)
    expect(await User.with('posts.comments', 'profile')).toEqual([])
    expect(at.statements).toHaveLength(1)
    const { ann } = await fillModels()
    at.clear()
    const [post] = await Post.where('authorId', ann.id)
      .where('views', 9)
      .with({ team: (q) => q.orderBy('id') })
    expect(post?.team).toBeNull()
    expect(at.statements).toHaveLength(1)
  })

  it('loads in circles as far as it is told', async () => {
    await using _ = await open(models)
    const { bob } = await fillModels()
    const user = await User.where('id', bob.id).with('posts.author.posts.author').get()
    const inner = user.posts[0]?.author.posts[0]?.author
    expect(inner?.name).toBe('Bob')
    expect(() => (inner as unknown as { posts: unknown }).posts).toThrow(errors.RelationNotLoaded)
    expect(user.posts[0]?.author.posts).toHaveLength(5)
  })

  it('narrows, orders and loads in its callbacks, beside paths to the same relation', async () => {
    await using _ = await open(models)
    const { ann, bob } = await fillModels()
    const users = await User.with({
      posts: (q) =>
        q
          .where('views', '>', 4)
          .orderBy('views')
          .with({ comments: (c) => c.where('body', 'first') }),
      profile: true,
    })
      .with('posts.author')
      .orderBy('id')
    expect(users.map(({ posts }) => posts.map(({ views }) => views))).toEqual([[5, 9], [6, 7, 8], []])
    expect(users[0]?.posts[0]?.comments.map(({ body }) => body)).toEqual(['first'])
    expect(users[0]?.posts[0]?.author.id).toBe(ann.id)
    expect(users[1]?.posts[0]?.author.id).toBe(bob.id)
    expect(users[0]?.profile?.bio).toBe('of Ann')
  })

  it('locks the rows it loads, but for a limit per row', async () => {
    await using at = await open(models)
    await fillModels()
    const locking = at.db.transaction(async () => {
      const users = await User.with({ posts: (q) => q.lock('update') })
        .orderBy('id')
        .lock('update')
      expect(users.map(({ posts }) => posts.length)).toEqual([3, 5, 0])
    })
    if (dialect === 'sqlite') await expect(locking).rejects.toThrow(/no row locks/)
    else await locking
    await expect(Promise.resolve(User.with({ posts: (q) => q.limit(1).lock('update') }))).rejects.toThrow(/limit per row and cannot lock/)
  })

  it('uses one plan for callbacks that differ in their values', async () => {
    await using at = await open(models)
    await fillModels()
    at.clear()
    const over = async (views: number): Promise<number> =>
      (await User.with({ posts: (q) => q.where('views', '>', views) })).flatMap(({ posts }) => posts).length
    expect([await over(4), await over(8), await over(100)]).toEqual([5, 1, 0])
    expect(new Set(at.statements).size).toBe(2)
  })

  it('reads the keys it needs beside the columns of only()', async () => {
    await using _ = await open(models)
    await fillModels()
    const users = await User.query()
      .only('name')
      .with({ posts: (q) => q.only('title').orderBy('id') })
      .orderBy('id')
    expect(users.map((user) => user.posts.map(({ title }) => title))).toEqual([
      ['Ann 0', 'Ann 1', 'Ann 2'],
      ['Bob 0', 'Bob 1', 'Bob 2', 'Bob 3', 'Bob 4'],
      [],
    ])
    const posts = await Post.query().only('title').with('author').orderBy('id').limit(1)
    expect(posts[0]?.author.name).toBe('Ann')
  })

  it('loads through junctions from both sides, one instance for a row that several share (Q11)', async () => {
    await using _ = await open(models)
    const { ann, bob } = await fillModels()
    const [red, blue] = (await Tag.createMany([{ name: 'red' }, { name: 'blue' }])) as [Tag, Tag]
    await ann.related('tags').add(red, blue)
    await bob.related('tags').add(red)
    const users = await User.with({ tags: (q) => q.orderBy('id') }).orderBy('id')
    expect(users.map(({ tags }) => tags.map(({ name }) => name))).toEqual([['red', 'blue'], ['red'], []])
    expect(users[0]?.tags[0]).toBe(users[1]?.tags[0])
    const tags = await Tag.with({ users: (q) => q.orderBy('id') }).orderBy('id')
    expect(tags.map(({ users: having }) => having.map(({ name }) => name))).toEqual([['Ann', 'Bob'], ['Ann']])
  })

  it('gives each row of a junction that is a model its pivot (trap 30)', async () => {
    await using _ = await open(models)
    const { ann, bob } = await fillModels()
    const group = await Group.create({ name: 'staff' })
    await ann.related('groups').add(group, { role: 'admin' })
    await bob.related('groups').add(group)
    const users = await User.with('groups').orderBy('id')
    expect(users.map(({ groups }) => groups.map(({ name, pivot }) => [name, pivot.role]))).toEqual([
      [['staff', 'admin']],
      [['staff', 'member']],
      [],
    ])
    expect(users[0]?.groups[0]?.pivot).toBeInstanceOf(Membership)
  })

  it('follows a self-referential junction in its direction (trap 30)', async () => {
    await using _ = await open(models)
    const { ann, bob, cy } = await fillModels()
    await ann.related('friends').add(bob, cy)
    await bob.related('friends').add(ann)
    const users = await User.with({ friends: (q) => q.orderBy('id') }).orderBy('id')
    expect(users.map(({ friends }) => friends.map(({ name }) => name))).toEqual([['Bob', 'Cy'], ['Ann'], []])
  })

  it('loads a polymorphic relation with one query per kind, and its other side', async () => {
    await using at = await open(models)
    await fillModels()
    const [post] = await Post.query().orderBy('id').limit(1)
    const comment = await Comment.where('body', 'second').get()
    await Reaction.createMany([
      { kind: 'up', subjectType: 'post', subjectId: post!.id },
      { kind: 'down', subjectType: 'comment', subjectId: comment.id },
      { kind: 'lost', subjectType: 'post', subjectId: 10_000 },
    ])
    at.clear()
    // Both kinds have an author; the types of paths end at a union.
    const reactions = await Reaction.with('subject.author' as 'subject').orderBy('id')
    const authorOf = (subject: unknown): string => (subject as { author: User }).author.name
    expect(at.statements.length).toBeLessThanOrEqual(5)
    const [up, down, lost] = reactions.map(({ subject }) => subject)
    expect(up).toBeInstanceOf(Post)
    expect(authorOf(up)).toBe('Ann')
    expect(down).toBeInstanceOf(Comment)
    expect(authorOf(down)).toBe('Cy')
    expect(lost).toBeNull()
    const [loaded] = await Post.where('id', post!.id).with('reactions')
    expect(loaded?.reactions.map(({ kind }) => kind)).toEqual(['up'])
  })

  it('compares all columns of a composite key (Q19)', async () => {
    await using at = await open(models)
    await Invoice.createMany([
      { tenantId: 1, id: 1, label: 'a' },
      { tenantId: 1, id: 2, label: 'b' },
      { tenantId: 2, id: 1, label: 'c' },
    ])
    await Line.createMany([
      { tenantId: 1, invoiceId: 1, amount: '1.50' },
      { tenantId: 2, invoiceId: 1, amount: '2.50' },
      { tenantId: 2, invoiceId: 1, amount: '3.50' },
    ])
    at.clear()
    const invoices = await Invoice.with({ lines: (q) => q.orderBy('id') })
      .orderBy('tenantId')
      .orderBy('id')
    expect(invoices.map(({ lines }) => lines.map(({ amount }) => amount))).toEqual([['1.50'], [], ['2.50', '3.50']])
    expect(at.statements).toHaveLength(2)
    const lines = await Line.with('invoice').orderBy('id')
    expect(lines.map(({ invoice }) => invoice.label)).toEqual(['a', 'c', 'c'])
    expect(lines[1]?.invoice).toBe(lines[2]?.invoice)
    const tag = await Tag.create({ name: 'paid' })
    await invoices[2]!.related('labels').add(tag)
    expect((await Invoice.with('labels').orderBy('tenantId').orderBy('id')).map(({ labels }) => labels.length)).toEqual([0, 0, 1])
    const first = await Invoice.with({ lines: (q) => q.orderBy('amount', 'desc').limit(1) })
      .orderBy('tenantId')
      .orderBy('id')
    expect(first.map((invoice) => invoice.lines.map(({ amount }) => amount))).toEqual([['1.50'], [], ['3.50']])
  })

  it('reads 64 bit integers and decimals of related rows exactly (trap 21)', async () => {
    await using _ = await open(models)
    const { ann } = await fillModels()
    const posts = await Post.where('authorId', ann.id).with('author')
    expect(posts[0]?.author.score).toBe(9007199254740993n)
    const comments = await Comment.with('post.author').orderBy('id')
    expect(comments[0]?.post?.author.score).toBe(9007199254740993n)
  })

  it('gives null for a softly deleted row of a to-one relation (trap 28)', async () => {
    await using _ = await open(models)
    const { ann } = await fillModels()
    const team = await Team.create({ name: 'gone' })
    await Post.where('authorId', ann.id).update({ teamId: team.id })
    expect((await Post.where('authorId', ann.id).with('team'))[0]?.team?.name).toBe('gone')
    await team.delete()
    const posts = await Post.where('authorId', ann.id).with('team')
    expect(posts.map((post) => post.team)).toEqual([null, null, null])
    const including = await Post.where('authorId', ann.id).with({ team: (q) => q.withDeleted() })
    expect(including[0]?.team?.name).toBe('gone')
  })

  it('cuts a list of keys that one statement cannot take, where keys are single parameters', async () => {
    await using at = await open(models)
    const count = dialect === 'mysql' ? 33_000 : 3_000
    const users = await User.createMany(Array.from({ length: count }, (__, index) => ({ name: `${index}` })))
    await Post.createMany([users[0]!, users.at(-1)!].map(({ id }) => ({ title: 'one', authorId: id })))
    at.clear()
    const all = await User.with('posts').orderBy('id')
    expect([all[0]?.posts.length, all[1]?.posts.length, all.at(-1)?.posts.length]).toEqual([1, 0, 1])
    expect(at.statements).toHaveLength(dialect === 'mysql' ? 3 : 2)
  })

  it('runs inside a transaction, and for a page', async () => {
    await using at = await open(models)
    const { cy } = await fillModels()
    await at.db.transaction(async () => {
      await Post.create({ title: 'unseen', authorId: cy.id })
      const users = await User.with('posts.comments', 'profile', 'tags', 'groups').orderBy('id')
      expect(users.map(({ posts }) => posts.length)).toEqual([3, 5, 1])
    })
    const page = await User.with('posts').orderBy('id').paginate({ page: 2, perPage: 1 })
    expect(page.items[0]?.posts).toHaveLength(5)
    expect((await User.with('posts').where('id', cy.id).firstOrFail()).posts).toHaveLength(1)
  })

  it('tells that one of the relations cannot be read when nothing runs any more', async () => {
    await using at = await open(models)
    const { ann } = await fillModels()
    const wrong = (query: unknown): never => (query as { select(name: string): never }).select('id')
    at.clear()
    const reading = Promise.resolve(User.where('id', ann.id).with({ posts: (q) => q.orderBy('id'), tags: wrong }))
    await expect(reading).rejects.toThrow(/cannot select or group/)
    expect(at.statements.map((text) => /from \W(\w+)/.exec(text)?.[1])).toEqual(['users', 'posts'])
    // The first that was begun, whichever failed first.
    const none = Promise.resolve(
      User.where('id', ann.id).with({ posts: (q) => q.where((c) => c.views.eq(raw<number>`nothing`)), tags: wrong }),
    )
    await expect(none).rejects.toThrow(dbErrors.QueryFailed)
  })

  it('refuses what is no relation, and callbacks that answer with something else', async () => {
    await using at = await open(models)
    const wrong = User as unknown as { with(...args: unknown[]): PromiseLike<unknown> }
    expect(() => wrong.with('post')).toThrow(errors.UnknownRelationError)
    expect(() => wrong.with('posts.author.nothing')).toThrow(/User has no relation 'nothing'/)
    expect(() => wrong.with('name')).toThrow(errors.UnknownRelationError)
    expect(() => wrong.with(5)).toThrow(errors.InvalidQueryError)
    expect(() => wrong.with({ posts: 1 })).toThrow(errors.InvalidQueryError)
    expect(() => wrong.with({ posts: () => undefined })).toThrow(/must return the query it got/)
    expect(() => wrong.with({ posts: () => User.query() })).toThrow(/must return the query it got/)
    await fillModels()
    at.clear()
    await expect(Promise.resolve(wrong.with({ posts: (q: { select(name: string): unknown }) => q.select('id') }))).rejects.toThrow(
      /loads instances/,
    )
  })
})
