import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M12 } from './m12.ts'
import { M18 } from './m18.ts'
import { M24 } from './m24.ts'
import { M10 } from './m10.ts'
import { M4 } from './m4.ts'
import { M48 } from './m48.ts'
import { M14 } from './m14.ts'
import { M8 } from './m8.ts'
export class M11 extends Model('t11', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name11: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r11']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M12),
  jump: belongsTo(() => M18),
  far: belongsTo(() => M24),
  prevs: hasMany(() => M10),
  backs: hasMany(() => M4),
  fars: hasMany(() => M48),
  tags: manyToMany(() => M14),
}) {
}
