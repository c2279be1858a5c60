import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M2 } from './m2.ts'
import { M8 } from './m8.ts'
import { M14 } from './m14.ts'
import { M0 } from './m0.ts'
import { M44 } from './m44.ts'
import { M38 } from './m38.ts'
import { M4 } from './m4.ts'
import { M48 } from './m48.ts'
export class M1 extends Model('t1', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name1: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r1']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M2),
  jump: belongsTo(() => M8),
  far: belongsTo(() => M14),
  prevs: hasMany(() => M0),
  backs: hasMany(() => M44),
  fars: hasMany(() => M38),
  tags: manyToMany(() => M4),
}) {
}
