import { belongsTo, f, hasMany, hasOne, manyToMany, Model, timestamps } from '../../src/index.ts'

/** Models that the tests of writing use. */
export class Author extends Model('authors', {
  id: f.id(),
  email: f.string({ max: 100 }).unique(),
  name: f.string().nullable(),
  role: f.enum(['admin', 'user']).default('user'),
  articles: hasMany(() => Article),
  card: hasOne(() => Card),
}) {}

export class Article extends Model('articles', {
  id: f.id(),
  title: f.string(),
  views: f.int().default(0),
  meta: f.json<unknown>().nullable(),
  ...timestamps(),
  version: f.version(),
  author: belongsTo(() => Author, { onDelete: 'cascade' }),
  labels: manyToMany(() => Label),
}) {}

export class Card extends Model('cards', { id: f.id(), text: f.string(), author: belongsTo(() => Author) }) {}

export class Label extends Model('labels', {
  id: f.uuid(),
  text: f.string(),
  articles: manyToMany(() => Article, { inverse: 'labels' }),
}) {}

export class Account extends Model('accounts', {
  id: f.id(),
  login: f.string({ max: 50 }).unique(),
  note: f.string().nullable(),
  deletedAt: f.deletedAt(),
}) {}

export class Line extends Model(
  'order_lines',
  { tenantId: f.int(), number: f.int(), text: f.string() },
  { primary: ['tenantId', 'number'] },
) {}

export const blog = [Author, Article, Card, Label] as const
