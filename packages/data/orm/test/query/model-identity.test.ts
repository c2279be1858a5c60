import { expect, it } from '@jest/globals'
import { bind } from '../../src/binding.ts'
import { exists, f, Model } from '../../src/index.ts'
import { onEachEngine } from '../support/engines.ts'

class Site extends Model('sites', { id: f.id(), name: f.string() }) {}
const blog = { Post: class Post extends Model('blog_posts', { id: f.id(), title: f.string(), length: f.int() }) {} }
const forum = { Post: class Post extends Model('forum_posts', { id: f.id(), title: f.string(), length: f.int() }) {} }
/** The table of the blog's again. */
const archive = { Post: class Post extends Model('blog_posts', { id: f.id(), title: f.string(), length: f.int() }) {} }

onEachEngine('models of one name', (open) => {
  it('are told apart where a query is part of another one', async () => {
    await using space = await open([Site, blog.Post, forum.Post])
    void space
    await Site.create({ name: 'one' })
    await blog.Post.create({ title: 'a', length: 1 })
    expect(await Site.where(() => exists(blog.Post.query())).count()).toBe(1)
    expect(await Site.where(() => exists(forum.Post.query())).count()).toBe(0)
    expect(await Site.where((c) => c.id.in(blog.Post.where('title', 'a').select('length'))).count()).toBe(1)
    expect(await Site.where((c) => c.id.in(forum.Post.where('title', 'a').select('length'))).count()).toBe(0)
  })

  it('and of one table, where one query looks at the rows of the other', async () => {
    await using space = await open([blog.Post])
    const unbind = bind([archive.Post], space.db)
    try {
      await blog.Post.createMany([
        { title: 'a', length: 1 },
        { title: 'b', length: 9 },
      ])
      expect(await blog.Post.where((c) => exists(archive.Post.where((a) => a.length.gt(c.length)))).count()).toBe(1)
      expect(await blog.Post.where(() => exists(archive.Post.where((a) => a.length.gt(a.length)))).count()).toBe(0)
      expect(await blog.Post.where((c) => exists(archive.Post.where((a) => c.length.gt(a.length.add(8))))).count()).toBe(0)
    } finally {
      unbind()
    }
  })
})
