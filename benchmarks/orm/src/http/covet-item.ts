import { createDb } from '@covet/db'
import { bind, f, Model } from '@covet/orm'
import { postgres } from '@covet/postgres'
import { poolSize } from '../contract.ts'

export class Item extends Model('items', {
  id: f.int().primary(),
  title: f.text(),
  note: f.text().nullable(),
  views: f.int(),
  draft: f.bool(),
  // Named as the other servers name it in their answers.
  created_at: f.datetime(),
}) {}

export function connect(url: string): void {
  bind([Item], createDb(postgres({ url, pool: { max: poolSize } })))
}
