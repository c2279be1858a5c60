import type { Database } from './database.ts'
import { driverOf } from './driver-of.ts'

/**
 * The statement that tells how the engine would run another one; it takes the same parameters.
 * @param analyze runs the other one too, and tells what it took
 * @returns nothing where the engine has none for it
 */
export async function explaining(database: Database, text: string, analyze = false): Promise<string | undefined> {
  return driverOf(database)?.explain?.(text, analyze ? await database.server() : undefined)
}
