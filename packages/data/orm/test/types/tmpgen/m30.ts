import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M31 } from './m31.ts'
import { M37 } from './m37.ts'
import { M43 } from './m43.ts'
import { M29 } from './m29.ts'
import { M23 } from './m23.ts'
import { M17 } from './m17.ts'
import { M33 } from './m33.ts'
import { M27 } from './m27.ts'
export class M30 extends Model('t30', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name30: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r30']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M31),
  jump: belongsTo(() => M37),
  far: belongsTo(() => M43),
  prevs: hasMany(() => M29),
  backs: hasMany(() => M23),
  fars: hasMany(() => M17),
  tags: manyToMany(() => M33),
}) {
}
