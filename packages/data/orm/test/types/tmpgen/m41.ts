import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M42 } from './m42.ts'
import { M48 } from './m48.ts'
import { M4 } from './m4.ts'
import { M40 } from './m40.ts'
import { M34 } from './m34.ts'
import { M28 } from './m28.ts'
import { M44 } from './m44.ts'
import { M38 } from './m38.ts'
export class M41 extends Model('t41', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name41: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r41']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M42),
  jump: belongsTo(() => M48),
  far: belongsTo(() => M4),
  prevs: hasMany(() => M40),
  backs: hasMany(() => M34),
  fars: hasMany(() => M28),
  tags: manyToMany(() => M44),
}) {
}
