import { type Database, explaining } from '@covet/db'
import { InvalidQueryError } from '../errors.ts'
import type { Chain } from '../query/chain.ts'
import { statementOf } from '../query/statement.ts'
import type { QueryPlan } from '../types/pages.ts'
import { adviceOf } from './advice.ts'

/**
 * How the engine would run a query, in its own words.
 * @param analyze runs the query too, and tells what it took
 * @throws {InvalidQueryError} where the engine does not tell; SQLite does not measure, which `analyze` asks for
 */
export async function explainQuery(
  chain: Chain,
  database: Database,
  { analyze = false }: { readonly analyze?: boolean } = {},
): Promise<QueryPlan> {
  const { dialect } = database
  const { text: sql, params } = statementOf(chain, database)
  const explain = await explaining(database, sql, analyze)
  if (explain === undefined) throw new InvalidQueryError(refusal(dialect, analyze))
  const { rows } = await database.execute<unknown[]>({ text: explain, params, rowMode: 'text' })
  const text = dialect === 'sqlite' ? sqlitePlan(rows) : rows.map((row) => row.map(cellText).join('  ')).join('\n')
  return { dialect, sql, text, advice: adviceOf(chain.state(), database) }
}

function refusal(dialect: string, analyze: boolean): string {
  return analyze
    ? `${dialect} tells how it would run a query, not what it took: leave \`analyze\` out.`
    : `${dialect} does not tell how it would run this query.`
}

/** Rows of `id, parent, unused, detail`, as a tree. */
function sqlitePlan(rows: readonly (readonly unknown[])[]): string {
  const depths = new Map<unknown, number>([[0, 0]])
  return rows
    .map(([id, parent, , detail]) => {
      const depth = depths.get(parent) ?? 0
      depths.set(id, depth + 1)
      return `${'  '.repeat(depth)}${String(detail)}`
    })
    .join('\n')
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  return typeof cell === 'object' ? JSON.stringify(cell) : `${cell as string | number}`
}
