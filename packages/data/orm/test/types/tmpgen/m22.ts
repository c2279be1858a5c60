import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M23 } from './m23.ts'
import { M29 } from './m29.ts'
import { M35 } from './m35.ts'
import { M21 } from './m21.ts'
import { M15 } from './m15.ts'
import { M9 } from './m9.ts'
import { M25 } from './m25.ts'
import { M19 } from './m19.ts'
export class M22 extends Model('t22', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name22: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r22']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M23),
  jump: belongsTo(() => M29),
  far: belongsTo(() => M35),
  prevs: hasMany(() => M21),
  backs: hasMany(() => M15),
  fars: hasMany(() => M9),
  tags: manyToMany(() => M25),
}) {
}
