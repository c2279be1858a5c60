import { type Eq, ok } from './assert.ts'
import type { Static } from 'typebox'
import { existsRule as exists, type Insert, type ShapeOf, unique, type Update, validate } from '../../../src/index.ts'
import { Comment } from './comment.ts'
import { Post } from './post.ts'
import { Bill } from './surface.ts'
import { User } from './user.ts'

// what a body's schema lets through can be created
const body = Post.schema('create')
declare const given: Static<typeof body>
await Post.create(given)
await Post.where('id', 1).update({} as Static<ReturnType<typeof Post.schema>>)
const comment = Comment.schema('create')
await Comment.create({} as Static<typeof comment>)
const answer = Comment.schema('read')
ok<Eq<Static<typeof answer>, { id: string; body: string; postId: number; authorId: number }>>()
const bill = Bill.schema('read')
// @ts-expect-error hidden
export type Secret = Static<typeof bill>['secret']
const change = User.schema('update')
ok<Eq<Static<typeof change>['role'], 'admin' | 'user' | undefined>>()
// @ts-expect-error no such purpose
User.schema('delete')

const user = await validate(User, 'create', {}, { email: [unique(User, 'email', { except: 3 })] })
ok<Eq<typeof user, Insert<ShapeOf<User>>>>()
await User.create(user)
const post = await validate(Post, 'update', {}, { authorId: exists(User, 'id') })
ok<Eq<typeof post, Update<ShapeOf<Post>>>>()
unique(User, 'email', { except: new User() })
// @ts-expect-error no such column
unique(User, 'emial')
// @ts-expect-error the key of another type
unique(User, 'email', { except: 'x' })
// @ts-expect-error no such property
await validate(User, 'create', {}, { emial: unique(User, 'email') })
