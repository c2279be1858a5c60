import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M36 } from './m36.ts'
import { M42 } from './m42.ts'
import { M48 } from './m48.ts'
import { M34 } from './m34.ts'
import { M28 } from './m28.ts'
import { M22 } from './m22.ts'
import { M38 } from './m38.ts'
import { M32 } from './m32.ts'
export class M35 extends Model('t35', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name35: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r35']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M36),
  jump: belongsTo(() => M42),
  far: belongsTo(() => M48),
  prevs: hasMany(() => M34),
  backs: hasMany(() => M28),
  fars: hasMany(() => M22),
  tags: manyToMany(() => M38),
}) {
}
