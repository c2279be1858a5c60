import { f, Model } from '../../src/index.ts'

export class Counter extends Model('counters', { id: f.id(), name: f.string({ max: 20 }).unique(), value: f.int() }) {}
