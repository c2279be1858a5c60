import { expect, it } from '@jest/globals'
import { fillModels, models, Post, User } from '../loading/models.ts'
import { onEachEngine } from '../support/engines.ts'

onEachEngine('a query inside a query', (open, dialect) => {
  it('keeps its own limit and offset, whatever values stand before it', async () => {
    await using _ = await open(models)
    const { ann, bob, cy } = await fillModels()
    const latest = User.where('name', '!=', 'nobody').orderBy('id', 'desc').limit(1).offset(1)
    // MariaDB has no limit in a list of values.
    const found =
      dialect === 'mysql'
        ? await User.where('name', '!=', 'x').union(latest).where('name', '!=', 'Ann').orderBy('id')
        : await User.where('name', '!=', 'x').where((c) => c.id.in(latest.select('id')))
    expect(found.map(({ id }) => id)).toEqual(dialect === 'mysql' ? [bob.id, cy.id] : [bob.id])
    const two = await User.where('id', ann.id).union(latest).orderBy('id')
    expect(two.map(({ id }) => id)).toEqual([ann.id, bob.id])
  })

  it('joins relations of its own, also those that the query around it has joined', async () => {
    await using _ = await open(models)
    const { ann } = await fillModels()
    const seven = await Post.create({ title: 'as often', views: 7, authorId: ann.id })
    const ofBob = Post.where('author.name', 'Bob').select('views')
    expect((await Post.where('author.name', 'Ann').where((c) => c.views.in(ofBob))).map(({ id }) => id)).toEqual([seven.id])
    expect(
      await Post.where('author.name', 'Ann')
        .where((c) => c.views.notIn(ofBob))
        .count(),
    ).toBe(3)
  })
})
