import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M32 } from './m32.ts'
import { M38 } from './m38.ts'
import { M44 } from './m44.ts'
import { M30 } from './m30.ts'
import { M24 } from './m24.ts'
import { M18 } from './m18.ts'
import { M34 } from './m34.ts'
import { M28 } from './m28.ts'
export class M31 extends Model('t31', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name31: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r31']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M32),
  jump: belongsTo(() => M38),
  far: belongsTo(() => M44),
  prevs: hasMany(() => M30),
  backs: hasMany(() => M24),
  fars: hasMany(() => M18),
  tags: manyToMany(() => M34),
}) {
}
