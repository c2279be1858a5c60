import { expect, it } from '@jest/globals'
import { InvalidQueryError } from '../../src/errors.ts'
import { raw } from '../../src/index.ts'
import { blog, fillBlog, Post, User } from '../support/blog.ts'
import { onEachEngine } from '../support/engines.ts'

onEachEngine('a query as a value', (open) => {
  it('is selected and annotated in the type of its column', async () => {
    await using _ = await open(blog)
    await fillBlog()
    await Post.where('title', 'first').update({ title: '123' })
    const rows = await User.query()
      .orderBy('id')
      .select((c) => {
        const first = Post.where((p) => p.authorId.eq(c.id))
          .orderBy('id')
          .limit(1)
        return {
          email: c.email,
          title: raw<string | null>`${first.select('title')}`,
          price: raw<string | null>`${first.select('price')}`,
          at: raw<Date | null>` ${first.select('publishedAt')} `,
          most: raw<number | null>`${Post.where((p) => p.authorId.eq(c.id))
            .orderBy('views', 'desc')
            .limit(1)
            .select('views')}`,
          views: raw<number>`coalesce(${first.select('views')}, 0)`,
        }
      })
    expect(rows[0]).toEqual({
      email: 'ada@x.org',
      title: '123',
      price: '1.50',
      at: new Date('2024-01-31T10:00:00.000Z'),
      most: 9,
      views: 3,
    })
    expect(rows[2]).toEqual({ email: 'Cid@x.org', title: null, price: null, at: null, most: null, views: 0 })
  })

  it('is a condition and an order by its name', async () => {
    await using _ = await open(blog)
    await fillBlog()
    const dearest = User.query().annotate((c) => ({
      price: raw<string | null>`${Post.where((p) => p.authorId.eq(c.id))
        .orderBy('price', 'desc')
        .limit(1)
        .select('price')}`,
    }))
    expect(await dearest.where('price', '>', '2.5').orderBy('price', 'desc').select('email', 'price')).toEqual([
      { email: 'ada@x.org', price: '10.25' },
    ])
    expect(await dearest.where('price', '2').select('email', 'price')).toEqual([{ email: 'bob@y.org', price: '2.00' }])
  })

  it('is of another model than the callback it stands in, or the error tells the way', async () => {
    await using _ = await open(blog)
    const after = (): unknown => Post.where((c) => raw<boolean>`exists ${Post.where((p) => p.views.gt(c.views)).select('id')}`.isTrue())
    expect(after).toThrow(InvalidQueryError)
    expect(after).toThrow('Go by a relation, such as c.author.any(…), or write raw SQL.')
  })
})
