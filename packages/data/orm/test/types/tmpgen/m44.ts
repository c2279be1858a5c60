import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M45 } from './m45.ts'
import { M1 } from './m1.ts'
import { M7 } from './m7.ts'
import { M43 } from './m43.ts'
import { M37 } from './m37.ts'
import { M31 } from './m31.ts'
import { M47 } from './m47.ts'
import { M41 } from './m41.ts'
export class M44 extends Model('t44', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name44: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r44']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M45),
  jump: belongsTo(() => M1),
  far: belongsTo(() => M7),
  prevs: hasMany(() => M43),
  backs: hasMany(() => M37),
  fars: hasMany(() => M31),
  tags: manyToMany(() => M47),
}) {
}
