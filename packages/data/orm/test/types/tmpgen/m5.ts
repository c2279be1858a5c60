import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M6 } from './m6.ts'
import { M12 } from './m12.ts'
import { M18 } from './m18.ts'
import { M4 } from './m4.ts'
import { M48 } from './m48.ts'
import { M42 } from './m42.ts'
import { M8 } from './m8.ts'
import { M2 } from './m2.ts'
export class M5 extends Model('t5', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name5: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r5']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M6),
  jump: belongsTo(() => M12),
  far: belongsTo(() => M18),
  prevs: hasMany(() => M4),
  backs: hasMany(() => M48),
  fars: hasMany(() => M42),
  tags: manyToMany(() => M8),
}) {
}
