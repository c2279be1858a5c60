import { pathToFileURL } from 'node:url'
import { f, hasMany, Model } from '@covet/orm'
import { Post } from './post.ts'
import { tell } from './tell.ts'

export class User extends Model('users', { id: f.id(), email: f.string(), posts: hasMany(() => Post) }) {}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await tell([User, Post], () => User.query().with('posts.author'))
