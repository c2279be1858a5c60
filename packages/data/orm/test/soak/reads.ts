import { Account, Entry, Note } from './models.ts'
import { OnPurpose } from './outcome.ts'
import type { Hand } from './writes.ts'

/** A read that leaves nothing; it throws a `RangeError` when it saw what must not be. */
export type Read = (hand: Hand) => Promise<unknown>

/** Both ways of loading relations. */
export const eager: Read = async ({ signal }) => {
  const latest = Entry.query().orderBy('id', 'desc').limit(40).with('account')
  const entries = await (signal ? latest.signal(signal) : latest)
  const oldest = entries.at(-1)?.id ?? 0
  await Account.query().with({ entries: (query) => query.where('id', '>=', oldest) })
  if (entries.some((entry) => entry.account.id !== entry.accountId)) throw new RangeError('an entry came with the account of another')
}

/** What a transaction sees is of one moment, whatever happens around it. */
export const snapshot: Read = ({ db }) =>
  db.transaction(
    async () => {
      const { balance } = await Account.query().aggregate((c) => ({ balance: c.balance.sum() }))
      const { amount } = await Entry.query().aggregate((c) => ({ amount: c.amount.sum() }))
      if (Number(balance ?? 0) !== 0 || Number(amount ?? 0) !== 0) throw new RangeError(`a snapshot is off balance: ${balance}, ${amount}`)
    },
    { readOnly: true, isolation: 'repeatable read' },
  )

/** A stream that its reader leaves early, one way or the other. */
export const brokenStream: Read = async ({ random, signal }) => {
  const rows = 1 + random.integer(600)
  const fails = random.next() < 0.5
  const query = Note.query().orderBy('id', 'desc')
  let read = 0
  for await (const _ of (signal ? query.signal(signal) : query).stream({ batch: 50 })) {
    read += 1
    if (read < rows) continue
    if (fails) throw new OnPurpose()
    break
  }
}
