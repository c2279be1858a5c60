import { belongsTo, f, hasMany, hasOne, manyToMany, Model, polymorphic } from '../../src/index.ts'

export class User extends Model('users', {
  id: f.id(),
  name: f.string(),
  secret: f.string().default('hush').hidden(),
  score: f.bigint().default(0n),
  posts: hasMany(() => Post, { inverse: 'author' }),
  profile: hasOne(() => Profile),
  tags: manyToMany(() => Tag),
  groups: manyToMany(() => Group, { through: () => Membership }),
  friends: manyToMany(() => User),
}) {}

export class Profile extends Model('profiles', { id: f.id(), bio: f.text(), user: belongsTo(() => User).nullable() }) {}

export class Post extends Model('posts', {
  id: f.id(),
  title: f.string(),
  views: f.int().default(0),
  author: belongsTo(() => User),
  editor: belongsTo(() => User).nullable(),
  team: belongsTo(() => Team).nullable(),
  comments: hasMany(() => Comment),
  reactions: hasMany(() => Reaction),
}) {}

export class Comment extends Model('comments', {
  id: f.id(),
  body: f.text(),
  post: belongsTo(() => Post).nullable(),
  author: belongsTo(() => User),
}) {}

export class Tag extends Model('tags', { id: f.id(), name: f.string(), users: manyToMany(() => User, { inverse: 'tags' }) }) {}

export class Group extends Model('groups', { id: f.id(), name: f.string() }) {}

export class Membership extends Model(
  'memberships',
  { id: f.id(), role: f.string().default('member'), user: belongsTo(() => User), group: belongsTo(() => Group) },
  { unique: [['userId', 'groupId']] },
) {}

export class Team extends Model('teams', { id: f.id(), name: f.string(), deletedAt: f.deletedAt(), posts: hasMany(() => Post) }) {}

export class Reaction extends Model('reactions', {
  id: f.id(),
  kind: f.string(),
  subject: polymorphic({ post: () => Post, comment: () => Comment }),
}) {}

export class Invoice extends Model(
  'invoices',
  { tenantId: f.int(), id: f.int(), label: f.string(), lines: hasMany(() => Line), labels: manyToMany(() => Tag) },
  { primary: ['tenantId', 'id'] },
) {}

export class Line extends Model('lines', {
  id: f.id(),
  tenantId: f.int(),
  amount: f.decimal(12, 2),
  invoice: belongsTo(() => Invoice, { fk: { tenantId: 'tenantId', invoiceId: 'id' } }),
}) {}

export const models = [User, Profile, Post, Comment, Tag, Group, Membership, Team, Reaction, Invoice, Line] as const

/** Ann has three posts, Bob five, Cy none. */
export async function fillModels(): Promise<{ ann: User; bob: User; cy: User }> {
  const [ann, bob, cy] = (await User.createMany([{ name: 'Ann', score: 9007199254740993n }, { name: 'Bob' }, { name: 'Cy' }])) as [
    User,
    User,
    User,
  ]
  await Profile.create({ bio: 'of Ann', userId: ann.id })
  const posts = await Post.createMany([
    ...[5, 9, 1].map((views, index) => ({ title: `Ann ${index}`, views, authorId: ann.id, editorId: bob.id })),
    ...[7, 2, 8, 3, 6].map((views, index) => ({ title: `Bob ${index}`, views, authorId: bob.id })),
  ])
  await Comment.createMany([
    { body: 'first', postId: posts[0]!.id, authorId: bob.id },
    { body: 'second', postId: posts[0]!.id, authorId: cy.id },
    { body: 'third', postId: posts[3]!.id, authorId: bob.id },
  ])
  return { ann, bob, cy }
}
