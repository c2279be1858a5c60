import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M19 } from './m19.ts'
import { M25 } from './m25.ts'
import { M31 } from './m31.ts'
import { M17 } from './m17.ts'
import { M11 } from './m11.ts'
import { M5 } from './m5.ts'
import { M21 } from './m21.ts'
import { M15 } from './m15.ts'
export class M18 extends Model('t18', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name18: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r18']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M19),
  jump: belongsTo(() => M25),
  far: belongsTo(() => M31),
  prevs: hasMany(() => M17),
  backs: hasMany(() => M11),
  fars: hasMany(() => M5),
  tags: manyToMany(() => M21),
}) {
}
