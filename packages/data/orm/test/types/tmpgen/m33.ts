import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M34 } from './m34.ts'
import { M40 } from './m40.ts'
import { M46 } from './m46.ts'
import { M32 } from './m32.ts'
import { M26 } from './m26.ts'
import { M20 } from './m20.ts'
import { M36 } from './m36.ts'
import { M30 } from './m30.ts'
export class M33 extends Model('t33', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name33: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r33']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M34),
  jump: belongsTo(() => M40),
  far: belongsTo(() => M46),
  prevs: hasMany(() => M32),
  backs: hasMany(() => M26),
  fars: hasMany(() => M20),
  tags: manyToMany(() => M36),
}) {
}
