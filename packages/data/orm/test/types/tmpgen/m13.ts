import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M14 } from './m14.ts'
import { M20 } from './m20.ts'
import { M26 } from './m26.ts'
import { M12 } from './m12.ts'
import { M6 } from './m6.ts'
import { M0 } from './m0.ts'
import { M16 } from './m16.ts'
import { M10 } from './m10.ts'
export class M13 extends Model('t13', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name13: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r13']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M14),
  jump: belongsTo(() => M20),
  far: belongsTo(() => M26),
  prevs: hasMany(() => M12),
  backs: hasMany(() => M6),
  fars: hasMany(() => M0),
  tags: manyToMany(() => M16),
}) {
}
