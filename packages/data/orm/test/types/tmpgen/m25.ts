import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'
import { M26 } from './m26.ts'
import { M32 } from './m32.ts'
import { M38 } from './m38.ts'
import { M24 } from './m24.ts'
import { M18 } from './m18.ts'
import { M12 } from './m12.ts'
import { M28 } from './m28.ts'
import { M22 } from './m22.ts'
export class M25 extends Model('t25', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name25: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r25']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => M26),
  jump: belongsTo(() => M32),
  far: belongsTo(() => M38),
  prevs: hasMany(() => M24),
  backs: hasMany(() => M18),
  fars: hasMany(() => M12),
  tags: manyToMany(() => M28),
}) {
}
