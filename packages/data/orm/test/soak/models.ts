import { belongsTo, f, hasMany, Model } from '../../src/index.ts'

/** What it has must always be the sum of its entries. */
export class Account extends Model('accounts', {
  id: f.id(),
  name: f.string({ max: 20 }).unique(),
  balance: f.int().default(0),
  entries: hasMany(() => Entry),
}) {}

/** Half of a transfer. The operation is not unique here: what was done twice has to show. */
export class Entry extends Model('entries', {
  id: f.id(),
  op: f.int().index(),
  amount: f.int(),
  account: belongsTo(() => Account),
}) {}

/** A row of one operation, or one of several: `part` counts them. */
export class Note extends Model('notes', {
  id: f.id(),
  op: f.int().index(),
  part: f.int(),
  /** The slot whose save it stands for; 0 for none. */
  slot: f.int().default(0),
  touches: f.int().default(0),
}) {}

/** Counts what was saved to it, under optimistic locking. */
export class Slot extends Model('slots', { id: f.id(), value: f.int().default(0), version: f.version() }) {}

/** Has the operation that stored it last. */
export class Tally extends Model('tallies', { id: f.id(), label: f.string({ max: 40 }).unique(), op: f.int() }) {}

export const soakModels = [Account, Entry, Note, Slot, Tally] as const

export const accountCount = 12
export const slotCount = 4

/** The rows that the load works on. */
export async function seedRows(): Promise<void> {
  await Account.createMany(Array.from({ length: accountCount }, (_, n) => ({ name: `account ${n}` })))
  await Slot.createMany(Array.from({ length: slotCount }, () => ({})))
}

/** Puts everything back to what `seedRows` left. */
export async function emptyRows(): Promise<void> {
  await Entry.query().unfiltered().delete()
  await Note.query().unfiltered().delete()
  await Tally.query().unfiltered().delete()
  await Account.query().unfiltered().update({ balance: 0 })
  await Slot.query().unfiltered().update({ value: 0, version: 1 })
}
