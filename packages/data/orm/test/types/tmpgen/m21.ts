import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M22 } from './m22.ts'
import { M28 } from './m28.ts'
import { M34 } from './m34.ts'
import { M20 } from './m20.ts'
import { M14 } from './m14.ts'
import { M8 } from './m8.ts'
import { M24 } from './m24.ts'
import { M18 } from './m18.ts'
export class M21 extends Model('t21', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name21: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r21']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M22),
  jump: belongsTo(() => M28),
  far: belongsTo(() => M34),
  prevs: hasMany(() => M20),
  backs: hasMany(() => M14),
  fars: hasMany(() => M8),
  tags: manyToMany(() => M24),
}) {
}
