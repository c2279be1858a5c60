import { expect, it } from '@jest/globals'
import { f, keyLoader, Model } from '../../src/index.ts'
import { blog, fillBlog, Post, Profile, User } from '../support/blog.ts'
import { onEachEngine } from '../support/engines.ts'

class Sheet extends Model('sheets', {
  id: f.id(),
  code: f.string().unique(),
  at: f.datetime().unique(),
  mail: f.string({ ci: true }).nullable().unique(),
  name: f.string(),
}) {}

onEachEngine('a key loader', (open) => {
  it('asks once for what is asked for in one turn', async () => {
    await using space = await open(blog)
    const { ada, bob } = await fillBlog()
    const users = keyLoader(User)
    space.clear()
    const later = async (id: number): Promise<User | null> => {
      await Promise.resolve()
      return users.load(id)
    }
    const found = await Promise.all([users.load(ada.id), users.load(bob.id), users.load(ada.id), later(bob.id), users.load(999)])
    expect(found.map((user) => user?.email)).toEqual(['ada@x.org', 'bob@y.org', 'ada@x.org', 'bob@y.org', undefined])
    expect(found[0]).toBe(found[2])
    expect(space.statements).toHaveLength(1)
    await users.load(ada.id)
    expect(space.statements).toHaveLength(2)
  })

  it('cuts large batches, and tells each asker what went wrong', async () => {
    await using space = await open(blog)
    const { ada, bob, cid } = await fillBlog()
    const users = keyLoader(User, { maxBatch: 2, database: space.db })
    space.clear()
    await Promise.all([ada, bob, cid].map(({ id }) => users.load(id)))
    expect(space.statements).toHaveLength(2)
    await expect(users.load('x' as never)).rejects.toMatchObject({ code: 'orm/invalid-value' })
    await expect(users.load(undefined as never)).rejects.toMatchObject({ code: 'orm/undefined-value' })
    expect(() => keyLoader(User, { maxBatch: 0 })).toThrow('whole number above 0')
  })

  it('finds by the foreign key of a relation to one row, which is unique', async () => {
    await using space = await open(blog)
    void space
    const { ada, bob } = await fillBlog()
    const byUser = keyLoader(Profile, { by: 'userId' })
    const found = await Promise.all([byUser.load(bob.id), byUser.load(ada.id)])
    expect(found.map((profile) => profile?.bio)).toEqual([undefined, 'Countess'])
    expect(() => keyLoader(Post, { by: 'authorId' })).toThrow('Post.authorId is not unique')
  })

  it('finds by a unique column as well, and by no other', async () => {
    await using space = await open([Sheet])
    const at = new Date('2024-03-10T02:30:00.123Z')
    await Sheet.createMany([
      { code: 'a', at, name: 'one' },
      { code: 'A', at: new Date(at.getTime() + 1), name: 'two' },
    ])
    const byCode = keyLoader(Sheet, { by: 'code' })
    const byTime = keyLoader(Sheet, { by: 'at', maxBatch: 10 })
    space.clear()
    const found = await Promise.all([byCode.load('A'), byCode.load('a'), byCode.load('b'), byCode.load('A')])
    expect(found.map((sheet) => sheet?.name)).toEqual(['two', 'one', undefined, 'two'])
    expect(space.statements).toHaveLength(1)
    expect((await byTime.load('2024-03-10T03:30:00.123+01:00'))?.name).toBe('one')
    await expect(byCode.load(null as never)).resolves.toBeNull()
    await expect(byCode.load({ $ne: '' } as never)).rejects.toMatchObject({ code: 'orm/invalid-value' })
    expect(() => keyLoader(Sheet, { by: 'name' })).toThrow('Sheet.name is not unique')
    expect(() => keyLoader(Sheet, { by: 'mail' })).toThrow('without regard to case')
    // @ts-expect-error no such column
    expect(() => keyLoader(Sheet, { by: 'nothing' })).toThrow('nothing')
    // @ts-expect-error another type
    await expect(byCode.load(5)).rejects.toMatchObject({ code: 'orm/invalid-value' })
  })
})
