import { expect, it } from '@jest/globals'
import { keyLoader } from '../../src/index.ts'
import { blog, fillBlog, User } from '../support/blog.ts'
import { onEachEngine } from '../support/engines.ts'

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
})
