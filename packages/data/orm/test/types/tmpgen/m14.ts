import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M15 } from './m15.ts'
import { M21 } from './m21.ts'
import { M27 } from './m27.ts'
import { M13 } from './m13.ts'
import { M7 } from './m7.ts'
import { M1 } from './m1.ts'
import { M17 } from './m17.ts'
import { M11 } from './m11.ts'
export class M14 extends Model('t14', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name14: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r14']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M15),
  jump: belongsTo(() => M21),
  far: belongsTo(() => M27),
  prevs: hasMany(() => M13),
  backs: hasMany(() => M7),
  fars: hasMany(() => M1),
  tags: manyToMany(() => M17),
}) {
}
