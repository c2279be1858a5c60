import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M18 } from './m18.ts'
import { M24 } from './m24.ts'
import { M30 } from './m30.ts'
import { M16 } from './m16.ts'
import { M10 } from './m10.ts'
import { M4 } from './m4.ts'
import { M20 } from './m20.ts'
import { M14 } from './m14.ts'
export class M17 extends Model('t17', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name17: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r17']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M18),
  jump: belongsTo(() => M24),
  far: belongsTo(() => M30),
  prevs: hasMany(() => M16),
  backs: hasMany(() => M10),
  fars: hasMany(() => M4),
  tags: manyToMany(() => M20),
}) {
}
