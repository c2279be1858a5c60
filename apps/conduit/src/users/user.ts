import { f, manyToMany, Model } from '@covet/orm'
import { Article } from '../articles/article.ts'

export class User extends Model('users', {
  id: f.id(),
  username: f.string({ max: 50 }).unique(),
  email: f.string({ max: 254, ci: true }).unique(),
  passwordHash: f.text().hidden(),
  bio: f.text().nullable(),
  image: f.text().nullable(),
  following: manyToMany(() => User, { table: 'follows' }),
  followers: manyToMany(() => User, { inverse: 'following' }),
  favorites: manyToMany(() => Article, { table: 'favorites' }),
}) {}
