import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M37 } from './m37.ts'
import { M43 } from './m43.ts'
import { M49 } from './m49.ts'
import { M35 } from './m35.ts'
import { M29 } from './m29.ts'
import { M23 } from './m23.ts'
import { M39 } from './m39.ts'
import { M33 } from './m33.ts'
export class M36 extends Model('t36', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name36: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r36']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M37),
  jump: belongsTo(() => M43),
  far: belongsTo(() => M49),
  prevs: hasMany(() => M35),
  backs: hasMany(() => M29),
  fars: hasMany(() => M23),
  tags: manyToMany(() => M39),
}) {
}
