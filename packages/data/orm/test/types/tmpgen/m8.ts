import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M9 } from './m9.ts'
import { M15 } from './m15.ts'
import { M21 } from './m21.ts'
import { M7 } from './m7.ts'
import { M1 } from './m1.ts'
import { M45 } from './m45.ts'
import { M11 } from './m11.ts'
import { M5 } from './m5.ts'
export class M8 extends Model('t8', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name8: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r8']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M9),
  jump: belongsTo(() => M15),
  far: belongsTo(() => M21),
  prevs: hasMany(() => M7),
  backs: hasMany(() => M1),
  fars: hasMany(() => M45),
  tags: manyToMany(() => M11),
}) {
}
