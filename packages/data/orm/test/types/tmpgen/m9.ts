import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M10 } from './m10.ts'
import { M16 } from './m16.ts'
import { M22 } from './m22.ts'
import { M8 } from './m8.ts'
import { M2 } from './m2.ts'
import { M46 } from './m46.ts'
import { M12 } from './m12.ts'
import { M6 } from './m6.ts'
export class M9 extends Model('t9', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name9: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r9']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M10),
  jump: belongsTo(() => M16),
  far: belongsTo(() => M22),
  prevs: hasMany(() => M8),
  backs: hasMany(() => M2),
  fars: hasMany(() => M46),
  tags: manyToMany(() => M12),
}) {
}
