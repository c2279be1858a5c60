import { pathToFileURL } from 'node:url'
import { belongsTo, f, Model } from '@covet/orm'
import { tell } from './tell.ts'
import { User } from './user.ts'

export class Post extends Model('posts', { id: f.id(), title: f.string(), author: belongsTo(() => User) }) {}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await tell([User, Post], () => User.query().with('posts.author'))
