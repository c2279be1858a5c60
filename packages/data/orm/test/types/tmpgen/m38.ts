import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M39 } from './m39.ts'
import { M45 } from './m45.ts'
import { M1 } from './m1.ts'
import { M37 } from './m37.ts'
import { M31 } from './m31.ts'
import { M25 } from './m25.ts'
import { M41 } from './m41.ts'
import { M35 } from './m35.ts'
export class M38 extends Model('t38', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name38: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r38']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M39),
  jump: belongsTo(() => M45),
  far: belongsTo(() => M1),
  prevs: hasMany(() => M37),
  backs: hasMany(() => M31),
  fars: hasMany(() => M25),
  tags: manyToMany(() => M41),
}) {
}
