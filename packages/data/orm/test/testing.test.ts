import { expect, it } from '@jest/globals'
import { belongsTo, errors, f, hasMany, manyToMany, Model } from '../src/index.ts'
import { factory, loadFixtures } from '../src/testing.ts'
import { onEachEngine } from './support/engines.ts'

class User extends Model('users', {
  id: f.id(),
  email: f.string().unique(),
  role: f.enum(['admin', 'user']).default('user'),
  posts: hasMany(() => Post),
  teams: manyToMany(() => Team),
}) {}
class Post extends Model('posts', { id: f.id(), title: f.string(), author: belongsTo(() => User) }) {}
class Team extends Model('teams', { id: f.id(), name: f.string() }) {}
const models = [User, Post, Team]

onEachEngine('factories', (open) => {
  const users = () =>
    factory(User, (n, random) => ({ email: `user${n}-${random.integer(1_000)}@x.org` }), {
      admin: { role: 'admin' },
      named: (n) => ({ email: `named${n}@x.org` }),
    })
  const posts = (author: ReturnType<typeof users>) => factory(Post, (n) => ({ title: `Post ${n}`, author }))

  it('make and create rows, numbered and with states', async () => {
    await using _ = await open(models)
    const some = users()
    const made = some.make({ role: 'user' })
    expect(made).toBeInstanceOf(User)
    expect(await User.query().count()).toBe(0)
    const admin = await some.state('admin').create()
    expect(admin.role).toBe('admin')
    expect(admin.email).toMatch(/^user2-/)
    expect((await some.state('admin').state('named').create()).email).toBe('named3@x.org')
    const many = await some.createMany(3, { role: 'admin' })
    expect(many.map(({ role }) => role)).toEqual(['admin', 'admin', 'admin'])
    expect(await User.query().count()).toBe(5)
    expect(() => some.state('none' as never)).toThrow(errors.InvalidQueryError)
  })

  it('give the same random numbers for the same seed', async () => {
    await using _ = await open(models)
    const emails = (seed: number): string[] => {
      const some = factory(User, (n, random) => ({ email: `${n}-${random.next()}` }), {}, { seed })
      return [some.make().email, some.make().email]
    }
    expect(emails(7)).toEqual(emails(7))
    expect(emails(7)).not.toEqual(emails(8))
  })

  it('create what a row refers to, and what refers to it', async () => {
    await using _ = await open(models)
    const post = await posts(users()).create()
    expect((await User.findOrFail(post.authorId)).email).toMatch(/^user1-/)
    const author = await users().create({ email: 'own@x.org' })
    expect((await posts(users()).create({ author })).authorId).toBe(author.id)
    const teams = factory(Team, (n) => ({ name: `Team ${n}` }))
    const writer = await users()
      .has('posts', posts(users().state('named')), 2)
      .has('teams', teams, 2)
      .create({ email: 'writer@x.org' })
    expect(await Post.where('authorId', writer.id).count()).toBe(2)
    const loaded = await User.where('id', writer.id).with('teams').firstOrFail()
    expect(loaded.teams.map(({ name }) => name).toSorted()).toEqual(['Team 1', 'Team 2'])
    await expect(users().create({ posts: [] } as never)).rejects.toThrow(errors.InvalidQueryError)
  })
})

onEachEngine('fixtures', (open) => {
  it('are stored after those they refer to, whatever their order, and given by name', async () => {
    await using at = await open(models)
    const { post, ann } = await loadFixtures(at.db, {
      post: [Post, { title: 'First', author: 'ann' }],
      ann: [User, { id: 7, email: 'ann@x.org' }],
    })
    expect(post).toBeInstanceOf(Post)
    expect([ann.id, post.authorId]).toEqual([7, 7])
    // Trap 26: the engine counts on behind given keys.
    expect((await User.create({ email: 'next@x.org' })).id).toBe(8)
  })

  it('are all stored or none', async () => {
    await using at = await open(models)
    const ann = [User, { email: 'ann@x.org' }] as const
    await expect(loadFixtures(at.db, { ann, post: [Post, { title: 'First', author: 'nobody' }] })).rejects.toThrow(/no fixture 'nobody'/)
    await expect(loadFixtures(at.db, { ann, again: [User, { email: 'ann@x.org' }] })).rejects.toThrow()
    expect(await User.query().count()).toBe(0)
  })

  it('that refer to each other in a circle are refused', async () => {
    class Node extends Model('nodes', { id: f.id(), next: belongsTo(() => Node).nullable() }) {}
    await using at = await open([Node])
    await expect(loadFixtures(at.db, { a: [Node, { next: 'b' }], b: [Node, { next: 'a' }] })).rejects.toThrow(/a → b → a/)
  })
})
