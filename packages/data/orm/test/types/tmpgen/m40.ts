import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M41 } from './m41.ts'
import { M47 } from './m47.ts'
import { M3 } from './m3.ts'
import { M39 } from './m39.ts'
import { M33 } from './m33.ts'
import { M27 } from './m27.ts'
import { M43 } from './m43.ts'
import { M37 } from './m37.ts'
export class M40 extends Model('t40', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name40: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r40']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M41),
  jump: belongsTo(() => M47),
  far: belongsTo(() => M3),
  prevs: hasMany(() => M39),
  backs: hasMany(() => M33),
  fars: hasMany(() => M27),
  tags: manyToMany(() => M43),
}) {
}
