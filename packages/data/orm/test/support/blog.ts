import { belongsTo, f, hasMany, hasOne, Model, timestamps } from '../../src/index.ts'

/** A blog: the models most tests of queries use. */
export class User extends Model('users', {
  id: f.id(),
  email: f.string({ max: 200 }).unique(),
  name: f.string().nullable(),
  active: f.bool().default(true),
  posts: hasMany(() => Post),
  profile: hasOne(() => Profile),
}) {
  get domain(): string | undefined {
    return this.email.split('@')[1]
  }
}

export class Profile extends Model('profiles', { id: f.id(), bio: f.text(), user: belongsTo(() => User, { onDelete: 'cascade' }) }) {}

export class Post extends Model('posts', {
  id: f.id(),
  title: f.string(),
  views: f.int().default(0),
  price: f.decimal(10, 2).nullable(),
  publishedAt: f.datetime().nullable(),
  meta: f.json<{ a?: { b?: number }; tag?: string; "it's"?: string }>().nullable(),
  author: belongsTo(() => User, { onDelete: 'cascade' }),
  comments: hasMany(() => Comment),
  ...timestamps(),
}) {}

export class Comment extends Model('comments', {
  id: f.id(),
  body: f.text(),
  score: f.int().default(0),
  post: belongsTo(() => Post, { onDelete: 'cascade' }),
}) {}

/** A tree. */
export class Category extends Model('categories', {
  id: f.id(),
  name: f.string(),
  parent: belongsTo(() => Category).nullable(),
  children: hasMany(() => Category),
}) {}

export const blog = [User, Profile, Post, Comment, Category] as const

/** Ada has three posts with two, one and no comments; Bob one post without; Cid none. */
export async function fillBlog(): Promise<{ ada: User; bob: User; cid: User }> {
  const [ada, bob, cid] = (await User.createMany([
    { email: 'ada@x.org', name: 'Ada' },
    { email: 'bob@y.org', name: null, active: false },
    { email: 'Cid@x.org', name: 'cid 100%_\\' },
  ])) as [User, User, User]
  await Profile.create({ bio: 'Countess', userId: ada.id })
  const posts = (await Post.createMany([
    {
      title: 'first',
      views: 3,
      price: '1.50',
      publishedAt: new Date('2024-01-31T10:00:00.000Z'),
      meta: { a: { b: 5 }, tag: 'x' },
      authorId: ada.id,
    },
    {
      title: 'second',
      views: 9,
      price: '10.25',
      publishedAt: new Date('2024-02-29T23:59:59.999Z'),
      meta: { "it's": 'quoted' },
      authorId: ada.id,
    },
    { title: 'third', views: 5, price: null, authorId: ada.id },
    { title: 'other', views: 9, price: '2.00', publishedAt: new Date('2025-01-01T00:00:00.000Z'), authorId: bob.id },
  ])) as [Post, Post, Post, Post]
  await Comment.createMany([
    { body: 'one', score: 1, postId: posts[0].id },
    { body: 'two', score: 2, postId: posts[0].id },
    { body: 'three', score: 7, postId: posts[1].id },
  ])
  return { ada, bob, cid }
}
