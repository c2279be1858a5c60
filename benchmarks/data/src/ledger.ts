import type { Database } from '@covet/db'
import { belongsTo, f, hasMany, Model } from '@covet/orm'

/** Its balance is always the sum of its entries. */
export class Account extends Model('accounts', { id: f.id(), balance: f.int().default(0), entries: hasMany(() => Entry) }) {}

/** One half of a transfer. `process` is the number of the one that made it. */
export class Entry extends Model('entries', { id: f.id(), process: f.int(), amount: f.int(), account: belongsTo(() => Account) }) {}

/** Moves an amount from the first account to the second. */
export async function transfer(db: Database, process: number, amount: number): Promise<void> {
  await db.transaction(async () => {
    for (const [accountId, change] of [
      [1, -amount],
      [2, amount],
    ] as const) {
      await Account.where('id', accountId).update((account) => ({ balance: account.balance.add(change) }))
      await Entry.create({ process, accountId, amount: change })
    }
  })
}
