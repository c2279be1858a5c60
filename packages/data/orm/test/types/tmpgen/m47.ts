import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M48 } from './m48.ts'
import { M4 } from './m4.ts'
import { M10 } from './m10.ts'
import { M46 } from './m46.ts'
import { M40 } from './m40.ts'
import { M34 } from './m34.ts'
import { M0 } from './m0.ts'
import { M44 } from './m44.ts'
export class M47 extends Model('t47', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name47: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r47']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M48),
  jump: belongsTo(() => M4),
  far: belongsTo(() => M10),
  prevs: hasMany(() => M46),
  backs: hasMany(() => M40),
  fars: hasMany(() => M34),
  tags: manyToMany(() => M0),
}) {
}
