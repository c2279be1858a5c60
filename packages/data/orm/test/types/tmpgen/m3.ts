import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M4 } from './m4.ts'
import { M10 } from './m10.ts'
import { M16 } from './m16.ts'
import { M2 } from './m2.ts'
import { M46 } from './m46.ts'
import { M40 } from './m40.ts'
import { M6 } from './m6.ts'
import { M0 } from './m0.ts'
export class M3 extends Model('t3', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name3: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r3']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M4),
  jump: belongsTo(() => M10),
  far: belongsTo(() => M16),
  prevs: hasMany(() => M2),
  backs: hasMany(() => M46),
  fars: hasMany(() => M40),
  tags: manyToMany(() => M6),
}) {
}
