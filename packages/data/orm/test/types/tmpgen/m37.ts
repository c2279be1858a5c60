import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M38 } from './m38.ts'
import { M44 } from './m44.ts'
import { M0 } from './m0.ts'
import { M36 } from './m36.ts'
import { M30 } from './m30.ts'
import { M24 } from './m24.ts'
import { M40 } from './m40.ts'
import { M34 } from './m34.ts'
export class M37 extends Model('t37', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name37: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r37']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M38),
  jump: belongsTo(() => M44),
  far: belongsTo(() => M0),
  prevs: hasMany(() => M36),
  backs: hasMany(() => M30),
  fars: hasMany(() => M24),
  tags: manyToMany(() => M40),
}) {
}
