import { f, Model } from '../../src/index.ts'

export class Item extends Model('items', { id: f.id(), name: f.string() }) {}
