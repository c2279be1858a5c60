import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M8 } from './m8.ts'
import { M14 } from './m14.ts'
import { M20 } from './m20.ts'
import { M6 } from './m6.ts'
import { M0 } from './m0.ts'
import { M44 } from './m44.ts'
import { M10 } from './m10.ts'
import { M4 } from './m4.ts'
export class M7 extends Model('t7', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name7: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r7']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M8),
  jump: belongsTo(() => M14),
  far: belongsTo(() => M20),
  prevs: hasMany(() => M6),
  backs: hasMany(() => M0),
  fars: hasMany(() => M44),
  tags: manyToMany(() => M10),
}) {
}
