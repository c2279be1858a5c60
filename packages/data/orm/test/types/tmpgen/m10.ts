import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M11 } from './m11.ts'
import { M17 } from './m17.ts'
import { M23 } from './m23.ts'
import { M9 } from './m9.ts'
import { M3 } from './m3.ts'
import { M47 } from './m47.ts'
import { M13 } from './m13.ts'
import { M7 } from './m7.ts'
export class M10 extends Model('t10', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name10: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r10']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M11),
  jump: belongsTo(() => M17),
  far: belongsTo(() => M23),
  prevs: hasMany(() => M9),
  backs: hasMany(() => M3),
  fars: hasMany(() => M47),
  tags: manyToMany(() => M13),
}) {
}
