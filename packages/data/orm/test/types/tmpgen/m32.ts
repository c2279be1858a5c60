import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M33 } from './m33.ts'
import { M39 } from './m39.ts'
import { M45 } from './m45.ts'
import { M31 } from './m31.ts'
import { M25 } from './m25.ts'
import { M19 } from './m19.ts'
import { M35 } from './m35.ts'
import { M29 } from './m29.ts'
export class M32 extends Model('t32', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name32: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r32']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M33),
  jump: belongsTo(() => M39),
  far: belongsTo(() => M45),
  prevs: hasMany(() => M31),
  backs: hasMany(() => M25),
  fars: hasMany(() => M19),
  tags: manyToMany(() => M35),
}) {
}
