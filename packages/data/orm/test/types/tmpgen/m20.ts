import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M21 } from './m21.ts'
import { M27 } from './m27.ts'
import { M33 } from './m33.ts'
import { M19 } from './m19.ts'
import { M13 } from './m13.ts'
import { M7 } from './m7.ts'
import { M23 } from './m23.ts'
import { M17 } from './m17.ts'
export class M20 extends Model('t20', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name20: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r20']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M21),
  jump: belongsTo(() => M27),
  far: belongsTo(() => M33),
  prevs: hasMany(() => M19),
  backs: hasMany(() => M13),
  fars: hasMany(() => M7),
  tags: manyToMany(() => M23),
}) {
}
