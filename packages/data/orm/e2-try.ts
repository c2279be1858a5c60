import { createDb } from '@covet/db'
import { sqlite } from '@covet/sqlite'
import { renderCreate } from '@covet/db/catalog'
import { Model } from './src/model/index.ts'
import { f, timestamps } from './src/fields/f.ts'
import { hasMany, hasOne } from './src/relations/has.ts'
import { belongsTo } from './src/relations/belongs-to.ts'
import { manyToMany } from './src/relations/many-to-many.ts'
import { catalogOf } from './src/schema/catalog-of.ts'
import { bind } from './src/binding.ts'
class User extends Model('users', { id: f.id(), email: f.string({max: 100}).unique(), role: f.enum(['a','b']).default('a'), big: f.bigint().default(5n), ...timestamps(), deletedAt: f.deletedAt(), posts: hasMany(() => Post), profile: hasOne(() => Profile), groups: manyToMany(() => Group) }) {}
class Post extends Model('posts', { id: f.id(), title: f.string(), price: f.decimal(10,2).default('1.5'), author: belongsTo(() => User, { onDelete: 'cascade' }) }) {}
class Profile extends Model('profiles', { id: f.id(), user: belongsTo(() => User) }) {}
class Group extends Model('groups', { id: f.uuid(), users: manyToMany(() => User, { inverse: 'groups' }) }) {}
for (const d of ['sqlite','postgres','mysql']) console.log(renderCreate(catalogOf([User, Post, Profile, Group]), d).join(';\n'))
