import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import type { Query } from '../../src/index.ts'
import { blog, fillBlog, Post, User } from '../support/blog.ts'
import { onEachEngine } from '../support/engines.ts'

onEachEngine('queries as promises (trap 34)', (open) => {
  it('run once where an async function returns one, and not at all where nobody awaits them', async () => {
    await using space = await open(blog)
    await fillBlog()
    space.clear()
    const admins = async (): Promise<User[]> => User.where('active', true)
    expect(await admins()).toHaveLength(2)
    expect(space.statements).toHaveLength(1)
    const built: Query<User> = User.where('active', true)
    await Promise.resolve()
    expect(space.statements).toHaveLength(1)
    expect(await Promise.all([built, built])).toHaveLength(2)
    expect(space.statements).toHaveLength(3)
  })

  it('write at once, so that a forgotten await loses no write', async () => {
    await using space = await open(blog)
    void space
    await fillBlog()
    const forgotten = Post.where('title', 'first').update({ views: 77 })
    while ((await Post.where('title', 'first').get()).views !== 77) await new Promise((resolve) => setImmediate(resolve))
    expect(await forgotten).toBe(1)
  })

  it('reject where they fail, like any promise', async () => {
    await using space = await open(blog)
    void space
    const aborted = AbortSignal.abort(new Error('gone'))
    await expect(User.query().signal(aborted)).rejects.toThrow('gone')
    await expect(User.query().signal(aborted).first()).rejects.toThrow('gone')
    await expect(User.raw`select nonsense from users`).rejects.toMatchObject({ code: 'db/query-failed' })
  })
})

describe('a write nobody awaits (trap 34)', () => {
  it('is no secret when it fails: the process ends with its error', async () => {
    const program = fileURLToPath(new URL('../support/forgotten-write.ts', import.meta.url))
    const failed = promisify(execFile)(process.execPath, [program])
    await expect(failed).rejects.toMatchObject({ code: 1, stdout: 'gone on', stderr: expect.stringContaining('UniqueViolation') })
  })
})
