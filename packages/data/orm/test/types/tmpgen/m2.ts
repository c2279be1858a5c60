import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M3 } from './m3.ts'
import { M9 } from './m9.ts'
import { M15 } from './m15.ts'
import { M1 } from './m1.ts'
import { M45 } from './m45.ts'
import { M39 } from './m39.ts'
import { M5 } from './m5.ts'
import { M49 } from './m49.ts'
export class M2 extends Model('t2', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name2: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r2']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M3),
  jump: belongsTo(() => M9),
  far: belongsTo(() => M15),
  prevs: hasMany(() => M1),
  backs: hasMany(() => M45),
  fars: hasMany(() => M39),
  tags: manyToMany(() => M5),
}) {
}
