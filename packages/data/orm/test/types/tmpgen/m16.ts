import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M17 } from './m17.ts'
import { M23 } from './m23.ts'
import { M29 } from './m29.ts'
import { M15 } from './m15.ts'
import { M9 } from './m9.ts'
import { M3 } from './m3.ts'
import { M19 } from './m19.ts'
import { M13 } from './m13.ts'
export class M16 extends Model('t16', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name16: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r16']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M17),
  jump: belongsTo(() => M23),
  far: belongsTo(() => M29),
  prevs: hasMany(() => M15),
  backs: hasMany(() => M9),
  fars: hasMany(() => M3),
  tags: manyToMany(() => M19),
}) {
}
