import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M44 } from './m44.ts'
import { M0 } from './m0.ts'
import { M6 } from './m6.ts'
import { M42 } from './m42.ts'
import { M36 } from './m36.ts'
import { M30 } from './m30.ts'
import { M46 } from './m46.ts'
import { M40 } from './m40.ts'
export class M43 extends Model('t43', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name43: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r43']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M44),
  jump: belongsTo(() => M0),
  far: belongsTo(() => M6),
  prevs: hasMany(() => M42),
  backs: hasMany(() => M36),
  fars: hasMany(() => M30),
  tags: manyToMany(() => M46),
}) {
}
