import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M7 } from './m7.ts'
import { M13 } from './m13.ts'
import { M19 } from './m19.ts'
import { M5 } from './m5.ts'
import { M49 } from './m49.ts'
import { M43 } from './m43.ts'
import { M9 } from './m9.ts'
import { M3 } from './m3.ts'
export class M6 extends Model('t6', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name6: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r6']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M7),
  jump: belongsTo(() => M13),
  far: belongsTo(() => M19),
  prevs: hasMany(() => M5),
  backs: hasMany(() => M49),
  fars: hasMany(() => M43),
  tags: manyToMany(() => M9),
}) {
}
