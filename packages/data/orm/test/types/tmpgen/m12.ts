import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M13 } from './m13.ts'
import { M19 } from './m19.ts'
import { M25 } from './m25.ts'
import { M11 } from './m11.ts'
import { M5 } from './m5.ts'
import { M49 } from './m49.ts'
import { M15 } from './m15.ts'
import { M9 } from './m9.ts'
export class M12 extends Model('t12', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name12: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r12']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M13),
  jump: belongsTo(() => M19),
  far: belongsTo(() => M25),
  prevs: hasMany(() => M11),
  backs: hasMany(() => M5),
  fars: hasMany(() => M49),
  tags: manyToMany(() => M15),
}) {
}
