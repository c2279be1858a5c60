import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M28 } from './m28.ts'
import { M34 } from './m34.ts'
import { M40 } from './m40.ts'
import { M26 } from './m26.ts'
import { M20 } from './m20.ts'
import { M14 } from './m14.ts'
import { M30 } from './m30.ts'
import { M24 } from './m24.ts'
export class M27 extends Model('t27', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name27: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r27']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M28),
  jump: belongsTo(() => M34),
  far: belongsTo(() => M40),
  prevs: hasMany(() => M26),
  backs: hasMany(() => M20),
  fars: hasMany(() => M14),
  tags: manyToMany(() => M30),
}) {
}
