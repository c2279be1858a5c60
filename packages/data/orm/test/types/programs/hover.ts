import { Post } from './post.ts'
import { User } from './user.ts'

export const users = await User.where('role', 'admin')
export const loaded = await User.with('profile', 'posts.comments')
export const one = loaded[0]!
export const posts = one.posts
export const counted = await User.query().annotate((c) => ({ written: c.posts.count() }))
export const first = await User.find(1)
export const rows = await User.query().select('id', 'email')
export const names = await Post.query().select((c) => ({ writer: c.author.name, year: c.publishedAt.year() }))
export const groups = await Post.query().groupBy(['authorId'], (c) => ({ views: c.views.sum() }))
export const totals = await Post.query().aggregate((c) => ({ newest: c.publishedAt.max() }))
export const query = User.where('role', 'admin').with('posts')
export type Created = Parameters<typeof User.create>[0]
