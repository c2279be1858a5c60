import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M46 } from './m46.ts'
import { M2 } from './m2.ts'
import { M8 } from './m8.ts'
import { M44 } from './m44.ts'
import { M38 } from './m38.ts'
import { M32 } from './m32.ts'
import { M48 } from './m48.ts'
import { M42 } from './m42.ts'
export class M45 extends Model('t45', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name45: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r45']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M46),
  jump: belongsTo(() => M2),
  far: belongsTo(() => M8),
  prevs: hasMany(() => M44),
  backs: hasMany(() => M38),
  fars: hasMany(() => M32),
  tags: manyToMany(() => M48),
}) {
}
