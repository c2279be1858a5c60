import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M30 } from './m30.ts'
import { M36 } from './m36.ts'
import { M42 } from './m42.ts'
import { M28 } from './m28.ts'
import { M22 } from './m22.ts'
import { M16 } from './m16.ts'
import { M32 } from './m32.ts'
import { M26 } from './m26.ts'
export class M29 extends Model('t29', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name29: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r29']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M30),
  jump: belongsTo(() => M36),
  far: belongsTo(() => M42),
  prevs: hasMany(() => M28),
  backs: hasMany(() => M22),
  fars: hasMany(() => M16),
  tags: manyToMany(() => M32),
}) {
}
