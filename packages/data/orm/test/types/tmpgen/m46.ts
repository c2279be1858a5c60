import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M47 } from './m47.ts'
import { M3 } from './m3.ts'
import { M9 } from './m9.ts'
import { M45 } from './m45.ts'
import { M39 } from './m39.ts'
import { M33 } from './m33.ts'
import { M49 } from './m49.ts'
import { M43 } from './m43.ts'
export class M46 extends Model('t46', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name46: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r46']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M47),
  jump: belongsTo(() => M3),
  far: belongsTo(() => M9),
  prevs: hasMany(() => M45),
  backs: hasMany(() => M39),
  fars: hasMany(() => M33),
  tags: manyToMany(() => M49),
}) {
}
