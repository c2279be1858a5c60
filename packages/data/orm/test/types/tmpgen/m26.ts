import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M27 } from './m27.ts'
import { M33 } from './m33.ts'
import { M39 } from './m39.ts'
import { M25 } from './m25.ts'
import { M19 } from './m19.ts'
import { M13 } from './m13.ts'
import { M29 } from './m29.ts'
import { M23 } from './m23.ts'
export class M26 extends Model('t26', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name26: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r26']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M27),
  jump: belongsTo(() => M33),
  far: belongsTo(() => M39),
  prevs: hasMany(() => M25),
  backs: hasMany(() => M19),
  fars: hasMany(() => M13),
  tags: manyToMany(() => M29),
}) {
}
