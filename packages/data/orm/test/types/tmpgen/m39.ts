import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M40 } from './m40.ts'
import { M46 } from './m46.ts'
import { M2 } from './m2.ts'
import { M38 } from './m38.ts'
import { M32 } from './m32.ts'
import { M26 } from './m26.ts'
import { M42 } from './m42.ts'
import { M36 } from './m36.ts'
export class M39 extends Model('t39', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name39: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r39']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M40),
  jump: belongsTo(() => M46),
  far: belongsTo(() => M2),
  prevs: hasMany(() => M38),
  backs: hasMany(() => M32),
  fars: hasMany(() => M26),
  tags: manyToMany(() => M42),
}) {
}
