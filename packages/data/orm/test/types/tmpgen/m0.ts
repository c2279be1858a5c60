import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M1 } from './m1.ts'
import { M7 } from './m7.ts'
import { M13 } from './m13.ts'
import { M49 } from './m49.ts'
import { M43 } from './m43.ts'
import { M37 } from './m37.ts'
import { M3 } from './m3.ts'
import { M47 } from './m47.ts'
export class M0 extends Model('t0', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name0: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r0']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M1),
  jump: belongsTo(() => M7),
  far: belongsTo(() => M13),
  prevs: hasMany(() => M49),
  backs: hasMany(() => M43),
  fars: hasMany(() => M37),
  tags: manyToMany(() => M3),
}) {
}
