import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M43 } from './m43.ts'
import { M49 } from './m49.ts'
import { M5 } from './m5.ts'
import { M41 } from './m41.ts'
import { M35 } from './m35.ts'
import { M29 } from './m29.ts'
import { M45 } from './m45.ts'
import { M39 } from './m39.ts'
export class M42 extends Model('t42', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name42: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r42']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M43),
  jump: belongsTo(() => M49),
  far: belongsTo(() => M5),
  prevs: hasMany(() => M41),
  backs: hasMany(() => M35),
  fars: hasMany(() => M29),
  tags: manyToMany(() => M45),
}) {
}
