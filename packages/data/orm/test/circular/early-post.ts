import { belongsTo, f, Model } from '@covet/orm'
import { User } from './early-user.ts'

export class Post extends Model('posts', { id: f.id(), title: f.string(), author: belongsTo(() => User) }) {}
