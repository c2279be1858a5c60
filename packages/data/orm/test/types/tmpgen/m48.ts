import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M49 } from './m49.ts'
import { M5 } from './m5.ts'
import { M11 } from './m11.ts'
import { M47 } from './m47.ts'
import { M41 } from './m41.ts'
import { M35 } from './m35.ts'
import { M1 } from './m1.ts'
import { M45 } from './m45.ts'
export class M48 extends Model('t48', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name48: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r48']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M49),
  jump: belongsTo(() => M5),
  far: belongsTo(() => M11),
  prevs: hasMany(() => M47),
  backs: hasMany(() => M41),
  fars: hasMany(() => M35),
  tags: manyToMany(() => M1),
}) {
}
