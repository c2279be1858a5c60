import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M20 } from './m20.ts'
import { M26 } from './m26.ts'
import { M32 } from './m32.ts'
import { M18 } from './m18.ts'
import { M12 } from './m12.ts'
import { M6 } from './m6.ts'
import { M22 } from './m22.ts'
import { M16 } from './m16.ts'
export class M19 extends Model('t19', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name19: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r19']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M20),
  jump: belongsTo(() => M26),
  far: belongsTo(() => M32),
  prevs: hasMany(() => M18),
  backs: hasMany(() => M12),
  fars: hasMany(() => M6),
  tags: manyToMany(() => M22),
}) {
}
