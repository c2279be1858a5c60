import { createDb, type Database } from '@covet/db'
import { mysql } from '@covet/mysql'
import { postgres } from '@covet/postgres'
import { sqlite } from '@covet/sqlite'
import { heldBytes } from '@covet-workspace/tooling/heap'
import { bind } from '../../src/index.ts'
import { metaOf } from '../../src/meta/registry.ts'
import { Chain } from '../../src/query/chain.ts'
import { readPlanOf } from '../../src/query/read.ts'
import { whereChain } from '../../src/query/rows.ts'
import { createTables } from '../../src/testing.ts'
import { Item } from './item.ts'

/** What was left by very many lists of random length. */
export interface ListShapes {
  readonly lists: number
  /** Answers that were not the rows asked for. */
  readonly wrong: number
  /** Different plans made of them. */
  readonly shapes: number
  /** Different texts compiled or sent. */
  readonly texts: number
  /** Bytes. */
  readonly grown: number
  /** Statements the server keeps for the only connection, with those of 400 further queries. SQLite does not tell. */
  readonly prepared?: number
}

const longest = 1_000
const numbers = Array.from({ length: longest }, (_, index) => index + 1)

/** Lists of 1 to 1,000 values; every power of two is as frequent as the others, where a text could differ. */
function* randomLists(count: number): Generator<readonly number[]> {
  yield numbers.slice(0, 1)
  yield numbers
  let seed = 20
  for (let made = 2; made < count; made += 1) {
    seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32
    yield numbers.slice(0, Math.ceil(longest ** (seed / 2 ** 32)))
  }
}

async function measure(db: Database, lists: number, sent: number): Promise<ListShapes> {
  const meta = metaOf(Item)
  const texts = new Set<string>()
  const plans = new Set<unknown>()
  const stop = db.on('query', ({ text }) => texts.add(text))
  const before = heldBytes()
  let wrong = 0
  let made = 0
  for (const list of randomLists(lists)) {
    made += 1
    const chain = whereChain(Chain.of(meta), ['id', 'in', list])
    const plan = readPlanOf(chain, db, chain.values())
    plans.add(plan)
    texts.add(plan.text)
    if (made <= sent && (await Item.where('id', 'in', list)).length !== Math.min(list.length, 3)) wrong += 1
  }
  const grown = heldBytes() - before
  stop()
  const found = { lists: made, wrong, shapes: plans.size, texts: texts.size, grown }
  if (db.dialect === 'sqlite') return found
  for (let number = 0; number < 400; number += 1) for (let use = 0; use < 4; use += 1) await manyConditions(number)
  return { ...found, prepared: await preparedBy(db) }
}

/** A query whose text no other number gives. */
async function manyConditions(number: number): Promise<void> {
  let query = Item.query()
  for (let bit = 0; bit < 9; bit += 1) query = query.where('id', (number >> bit) % 2 === 0 ? '>' : '>=', 0)
  await query
}

async function preparedBy(db: Database): Promise<number> {
  if (db.dialect === 'postgres') return Number((await db.sql<{ n: string }>`select count(*) as n from pg_prepared_statements`)[0]?.n)
  const rows = await db.sql<{ Variable_name: string; Value: string }>`show session status like 'Com_stmt_%'`
  const count = (name: string): number => Number(rows.find((row) => row.Variable_name === `Com_stmt_${name}`)?.Value)
  return count('prepare') - count('close')
}

async function open(dialect: string, url: string): Promise<Database> {
  if (dialect === 'postgres') return createDb(postgres({ url, pool: { max: 1 } }))
  if (dialect === 'mysql') return createDb(mysql({ url, pool: { max: 1 } }))
  const db = createDb(sqlite({ file: ':memory:' }))
  await createTables(db, [Item])
  return db
}

// `node list-shapes-process.ts <dialect> <URL> <lists> <how many of them are sent>`
const [, , dialect = '', url = '', lists = '', sent = ''] = process.argv
const db = await open(dialect, url)
bind([Item], db)
await Item.createMany([{ name: 'a' }, { name: 'b' }, { name: 'c' }])
process.stdout.write(JSON.stringify(await measure(db, Number(lists), Number(sent))))
await db.close()
