import { Pool } from 'pg'
import { poolSize } from '../contract.ts'

/** Reads the rows with a statement that is prepared once per connection. */
export function rowsReader(connectionString: string, count: number): () => Promise<unknown[]> {
  const pool = new Pool({ connectionString, max: poolSize })
  const query = { name: 'items', text: 'select id, title, note, views, draft, created_at from items order by id limit $1', values: [count] }
  return async () => (await pool.query<object>(query)).rows
}
