import { f, hasMany, Model } from '@covet/orm'
import { Post } from './early-post.ts'

export class User extends Model('users', { id: f.id(), email: f.string(), posts: hasMany(() => Post) }) {
  /** Runs while the modules are loading. */
  static readonly top: unknown = User.where('posts.title', 'first')
}
