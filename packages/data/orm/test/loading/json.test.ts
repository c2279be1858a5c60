import { expect, it } from '@jest/globals'
import { f, Model } from '../../src/index.ts'
import { onEachEngine } from '../support/engines.ts'
import { fillModels, Group, models, Post, User } from './models.ts'

class Sample extends Model('samples', { id: f.id(), big: f.bigint(), at: f.datetime(), bytes: f.bytes(), note: f.string().nullable() }) {}

onEachEngine('toJSON()', (open) => {
  it('prints loaded relations at every level, hidden fields at none, 64 bit integers as strings (Q21)', async () => {
    await using _ = await open(models)
    const { ann } = await fillModels()
    await ann.related('groups').add(await Group.create({ name: 'staff' }), { role: 'admin' })
    const user = await User.where('id', ann.id)
      .with({ posts: (q) => q.orderBy('id').limit(1).with('author'), groups: true, profile: true })
      .get()
    const author = { id: ann.id, name: 'Ann', score: '9007199254740993' }
    expect(JSON.parse(JSON.stringify(user))).toEqual({
      ...author,
      posts: [
        { id: user.posts[0]!.id, title: 'Ann 0', views: 5, authorId: ann.id, editorId: user.posts[0]!.editorId, teamId: null, author },
      ],
      profile: { id: user.profile!.id, bio: 'of Ann', userId: ann.id },
      groups: [
        {
          id: user.groups[0]!.id,
          name: 'staff',
          pivot: { id: user.groups[0]!.pivot.id, role: 'admin', userId: ann.id, groupId: user.groups[0]!.id },
        },
      ],
    })
  })

  it('cuts circles', async () => {
    await using _ = await open(models)
    const { ann } = await fillModels()
    const user = await User.where('id', ann.id).with('posts').get()
    for (const post of user.posts) Object.assign(post, { author: user })
    const json = JSON.parse(JSON.stringify(user)) as { posts: object[] }
    expect(json.posts).toHaveLength(3)
    expect(json.posts[0]).not.toHaveProperty('author')
    // The same row twice is no circle.
    const posts = await Post.where('authorId', ann.id).with('author')
    expect(JSON.parse(JSON.stringify(posts)).map((post: { author: { name: string } }) => post.author.name)).toEqual(['Ann', 'Ann', 'Ann'])
  })

  it('prints times in ISO 8601 and bytes in base64, of what was read', async () => {
    await using _ = await open([Sample])
    await Sample.create({ big: 9007199254740993n, at: new Date('2024-03-10T02:30:00.123Z'), bytes: new Uint8Array([0, 255]), note: null })
    const [sample] = await Sample.query()
    expect(sample!.toJSON()).toEqual({ id: sample!.id, big: '9007199254740993', at: '2024-03-10T02:30:00.123Z', bytes: 'AP8=', note: null })
    const [part] = await Sample.query().only('note')
    expect(JSON.parse(JSON.stringify(part))).toEqual({ id: sample!.id, note: null })
  })
})
