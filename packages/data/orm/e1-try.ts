import { createDb } from '@covet/db'
import { sqlite } from '@covet/sqlite'
import { Model } from './src/model/index.ts'
import { f } from './src/fields/f.ts'
import { hasMany, hasOne } from './src/relations/has.ts'
import { belongsTo } from './src/relations/belongs-to.ts'
import { manyToMany } from './src/relations/many-to-many.ts'
import { polymorphic } from './src/relations/polymorphic.ts'
import { bind } from './src/binding.ts'
import { createTables } from './src/testing.ts'
class User extends Model('users', { id: f.id(), name: f.string(), posts: hasMany(() => Post), profile: hasOne(() => Profile), tags: manyToMany(() => Tag), groups: manyToMany(() => Group, { through: () => Membership }) }) {}
class Profile extends Model('profiles', { id: f.id(), bio: f.string(), user: belongsTo(() => User) }) {}
class Post extends Model('posts', { id: f.id(), title: f.string(), views: f.int().default(0), author: belongsTo(() => User), comments: hasMany(() => Comment) }) {}
class Comment extends Model('comments', { id: f.id(), body: f.string(), post: belongsTo(() => Post), author: belongsTo(() => User) }) {}
class Tag extends Model('tags', { id: f.id(), name: f.string() }) {}
class Group extends Model('groups', { id: f.id(), name: f.string() }) {}
class Membership extends Model('memberships', { id: f.id(), role: f.string(), user: belongsTo(() => User), group: belongsTo(() => Group) }, {unique:[['userId','groupId']]}) {}
class Like extends Model('likes', { id: f.id(), subject: polymorphic({ post: () => Post, user: () => User }) }) {}
const db = createDb(sqlite({ file: ':memory:' }))
const models = [User, Profile, Post, Comment, Tag, Group, Membership, Like] as never
await createTables(db, models)
bind(models, db)
await db.script(`insert into users(id,name) values (1,'ann'),(2,'bob'),(3,'cy');
insert into profiles(id,bio,user_id) values (1,'x',1);
insert into posts(id,title,views,author_id) values (1,'p1',5,1),(2,'p2',9,1),(3,'p3',1,1),(4,'p4',7,2);
insert into comments(id,body,post_id,author_id) values (1,'c1',1,2),(2,'c2',1,3),(3,'c3',4,2);
insert into tags values (1,'t1'),(2,'t2'); insert into users_tags values (1,1),(1,2),(2,2);
insert into groups values (1,'g1'),(2,'g2'); insert into memberships(id,role,user_id,group_id) values (1,'admin',1,1),(2,'guest',2,1);
insert into likes(id,subject_type,subject_id) values (1,'post',2),(2,'user',3),(3,'post',99);`)
db.on('query', (e) => console.log('  SQL', e.text))
const show = (v: unknown) => console.dir(v, { depth: 6 })
show(await User.with('posts.comments.author', 'profile', 'tags'))
show((await User.with({ posts: (q) => q.orderBy('views', 'desc').limit(2).with('author'), groups: true })).map(u=>[u.posts.map(p=>p.title+p.author.name), u.groups.map(g=>[g.name,g.pivot.role])]))
show(await Like.with('subject'))
