import type { Database, MaybePromise } from '@covet/db'
import { detection } from '../detect/detection.ts'
import { noticeQuery } from '../detect/detector.ts'
import { InvalidQueryError } from '../errors.ts'
import { chained } from '../maybe.ts'
import type { Chain } from '../query/chain.ts'
import { readCompiled, readParams } from '../query/run.ts'
import type { JsonReply } from '../types/pages.ts'
import { encodeRows } from './encode.ts'
import { type JsonPlan, jsonPlanOf } from './plan.ts'
import type { RawRows } from './rows.ts'

/**
 * The rows of a query as an array of JSON: the bytes `JSON.stringify` would give of what they print.
 * @param objects reads them, where their JSON is not that of their columns
 */
export function readJson(chain: Chain, database: Database, objects: () => MaybePromise<readonly unknown[]>): MaybePromise<Buffer> {
  const values = chain.values()
  const plan = jsonPlanOf(chain, database, values)
  if (!plan) return chained(objects(), (rows) => Buffer.from(JSON.stringify(rows)))
  if (detection.on) noticeQuery(chain, values)
  return chained(readRaw(plan, values, chain, database), (rows) => encodeRows(rows, plan.columns))
}

/** What is cached are values, as every query of the cache has them. */
function readRaw(plan: JsonPlan, values: readonly unknown[], chain: Chain, database: Database): MaybePromise<readonly RawRows[]> {
  const { cache, signal } = chain.running
  if (cache !== undefined) return readCompiled(plan, values, chain, database)
  const statement = { text: plan.text, params: readParams(plan, values, chain, database), rowMode: 'bytes' } as const
  return chained(database.executeNow<RawRows>(statement, signal && { signal }), ({ rows }) => rows)
}

export function sendJson(reply: unknown, json: Buffer): unknown {
  const to = reply as JsonReply
  to.header('content-type', 'application/json; charset=utf-8')
  to.send(json)
  return reply
}

/** @throws {InvalidQueryError} before anything is read for somebody who cannot take it */
export function assertReply(reply: unknown): void {
  const { header, send } = (reply ?? {}) as Partial<JsonReply>
  if (typeof header !== 'function' || typeof send !== 'function')
    throw new InvalidQueryError('json() takes the reply of Fastify, or nothing.')
}
