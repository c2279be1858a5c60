import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M5 } from './m5.ts'
import { M11 } from './m11.ts'
import { M17 } from './m17.ts'
import { M3 } from './m3.ts'
import { M47 } from './m47.ts'
import { M41 } from './m41.ts'
import { M7 } from './m7.ts'
import { M1 } from './m1.ts'
export class M4 extends Model('t4', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name4: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r4']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M5),
  jump: belongsTo(() => M11),
  far: belongsTo(() => M17),
  prevs: hasMany(() => M3),
  backs: hasMany(() => M47),
  fars: hasMany(() => M41),
  tags: manyToMany(() => M7),
}) {
}
