import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M16 } from './m16.ts'
import { M22 } from './m22.ts'
import { M28 } from './m28.ts'
import { M14 } from './m14.ts'
import { M8 } from './m8.ts'
import { M2 } from './m2.ts'
import { M18 } from './m18.ts'
import { M12 } from './m12.ts'
export class M15 extends Model('t15', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name15: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r15']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M16),
  jump: belongsTo(() => M22),
  far: belongsTo(() => M28),
  prevs: hasMany(() => M14),
  backs: hasMany(() => M8),
  fars: hasMany(() => M2),
  tags: manyToMany(() => M18),
}) {
}
