import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M35 } from './m35.ts'
import { M41 } from './m41.ts'
import { M47 } from './m47.ts'
import { M33 } from './m33.ts'
import { M27 } from './m27.ts'
import { M21 } from './m21.ts'
import { M37 } from './m37.ts'
import { M31 } from './m31.ts'
export class M34 extends Model('t34', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name34: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r34']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M35),
  jump: belongsTo(() => M41),
  far: belongsTo(() => M47),
  prevs: hasMany(() => M33),
  backs: hasMany(() => M27),
  fars: hasMany(() => M21),
  tags: manyToMany(() => M37),
}) {
}
