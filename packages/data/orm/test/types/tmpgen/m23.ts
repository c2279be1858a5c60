import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M24 } from './m24.ts'
import { M30 } from './m30.ts'
import { M36 } from './m36.ts'
import { M22 } from './m22.ts'
import { M16 } from './m16.ts'
import { M10 } from './m10.ts'
import { M26 } from './m26.ts'
import { M20 } from './m20.ts'
export class M23 extends Model('t23', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name23: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r23']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M24),
  jump: belongsTo(() => M30),
  far: belongsTo(() => M36),
  prevs: hasMany(() => M22),
  backs: hasMany(() => M16),
  fars: hasMany(() => M10),
  tags: manyToMany(() => M26),
}) {
}
