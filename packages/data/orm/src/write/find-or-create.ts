import { errors, type Database } from '@covet/db'
import { databaseOf } from '../binding.ts'
import { InvalidValueError, StaleObject } from '../errors.ts'
import { isOfHook } from '../hooks/around.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import { Chain } from '../query/chain.ts'
import { lockOp } from '../query/lock.ts'
import { countOp, whereMembers } from '../query/ops.ts'
import { readInstances } from '../query/read.ts'
import { assertValues, createInstance } from './create.ts'
import { fill } from './fill.ts'
import { saveInstance } from './save.ts'

/** How often a row that comes or goes in between is looked for again. */
const attempts = 5

/** The instance that matches, or a new one of what must match and what comes beside it. */
export async function firstOrCreate(meta: ModelMeta, match: unknown, create: unknown, named?: Database): Promise<object> {
  assertValues(meta, match)
  const besides = create ?? {}
  assertValues(meta, besides)
  const database = databaseOf(meta, named)
  return persistently(async (isRetry) => {
    // A transaction that reads repeatably does not see the row that made its insert fail, unless it locks it.
    const mode = isRetry && database.inTransaction && database.dialect === 'mysql' ? 'share' : undefined
    return (await find(meta, match, database, mode)) ?? (await createAlone(meta, { ...match, ...besides }, database))
  })
}

/** Writes into the row that matches, or creates it. */
export async function updateOrCreate(meta: ModelMeta, match: unknown, update: unknown, named?: Database): Promise<object> {
  assertValues(meta, match)
  assertValues(meta, update)
  const database = databaseOf(meta, named)
  const attempt = async (mode?: 'update'): Promise<object> => {
    const found = await find(meta, match, database, mode)
    if (!found) return createAlone(meta, { ...match, ...update }, database)
    fill(meta, found, update)
    await saveInstance(found, database)
    return found
  }
  // Who was overtaken once holds the row from then on: of many at once, each of them could be overtaken again and again.
  return persistently((isRetry) => (isRetry ? database.transaction(async () => attempt(locksOf(database))) : attempt()))
}

/** SQLite locks no rows: a transaction that may write is the only one. */
function locksOf({ dialect }: Database): 'update' | undefined {
  return dialect === 'sqlite' ? undefined : 'update'
}

/** Others may create, delete or write the row between the look and the write: the unique key and the row itself decide. */
async function persistently(attempt: (isRetry: boolean) => Promise<object>): Promise<object> {
  for (let count = 1; ; count += 1) {
    try {
      return await attempt(count > 1)
    } catch (error) {
      if (!isRace(error) || count === attempts) throw error
    }
  }
}

/** What a hook threw is its own: the row it is about may be another one. */
function isRace(error: unknown): boolean {
  return (error instanceof errors.UniqueViolation || error instanceof StaleObject) && !isOfHook(error)
}

/** @throws {InvalidValueError} for a list, which as a condition would be any of its values */
async function find(meta: ModelMeta, match: object, database: Database, mode?: 'share' | 'update'): Promise<object | undefined> {
  for (const [name, value] of Object.entries(match))
    if (Array.isArray(value)) throw new InvalidValueError(`${meta.name}.${name}`, 'a row is found by one value here, not by a list.')
  const chain = Chain.of(meta).with({ database }).add(whereMembers(meta, match)).add(countOp('limit', 1))
  const [found] = await readInstances(mode ? chain.add(lockOp(mode)) : chain, database)
  return found
}

/** A failed insert must not take the transaction around with it. */
async function createAlone(meta: ModelMeta, values: object, database: Database): Promise<object> {
  if (!database.inTransaction) return createInstance(meta, values, database)
  return database.transaction(async () => createInstance(meta, values, database))
}
