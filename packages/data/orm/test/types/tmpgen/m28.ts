import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M29 } from './m29.ts'
import { M35 } from './m35.ts'
import { M41 } from './m41.ts'
import { M27 } from './m27.ts'
import { M21 } from './m21.ts'
import { M15 } from './m15.ts'
import { M31 } from './m31.ts'
import { M25 } from './m25.ts'
export class M28 extends Model('t28', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name28: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r28']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M29),
  jump: belongsTo(() => M35),
  far: belongsTo(() => M41),
  prevs: hasMany(() => M27),
  backs: hasMany(() => M21),
  fars: hasMany(() => M15),
  tags: manyToMany(() => M31),
}) {
}
