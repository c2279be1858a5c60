import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M25 } from './m25.ts'
import { M31 } from './m31.ts'
import { M37 } from './m37.ts'
import { M23 } from './m23.ts'
import { M17 } from './m17.ts'
import { M11 } from './m11.ts'
import { M27 } from './m27.ts'
import { M21 } from './m21.ts'
export class M24 extends Model('t24', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name24: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r24']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M25),
  jump: belongsTo(() => M31),
  far: belongsTo(() => M37),
  prevs: hasMany(() => M23),
  backs: hasMany(() => M17),
  fars: hasMany(() => M11),
  tags: manyToMany(() => M27),
}) {
}
