import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M0 } from './m0.ts'
import { M6 } from './m6.ts'
import { M12 } from './m12.ts'
import { M48 } from './m48.ts'
import { M42 } from './m42.ts'
import { M36 } from './m36.ts'
import { M2 } from './m2.ts'
import { M46 } from './m46.ts'
export class M49 extends Model('t49', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name49: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r49']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M0),
  jump: belongsTo(() => M6),
  far: belongsTo(() => M12),
  prevs: hasMany(() => M48),
  backs: hasMany(() => M42),
  fars: hasMany(() => M36),
  tags: manyToMany(() => M2),
}) {
}
