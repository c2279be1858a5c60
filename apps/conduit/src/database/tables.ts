import { plugin, type Plugin } from '@covet/core'
import { Database } from '@covet/db'
import { Passwords } from '@covet/password'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDemoData } from '../demo/write-demo-data.ts'
import { only } from './only.ts'

/** Makes the tables on the first start, all of them or none, and fills them with demo data if wanted. */
export const tables = ({ demoData }: { demoData: boolean }): Plugin<'database' | 'password'> =>
  plugin({
    name: 'conduit/tables',
    needs: { db: Database, passwords: Passwords },
    async setup(_app, { db, passwords }) {
      const schema = await readFile(join(import.meta.dirname, 'schema.sql'), 'utf8')
      await db.transaction(async () => {
        if (await hasTables(db)) return
        await db.script(schema)
        if (demoData) await writeDemoData(db, passwords)
      })
    },
  })

async function hasTables({ sql }: Database): Promise<boolean> {
  const { found } = only(await sql<{ found: number }>`select count(*) as found from sqlite_schema where type = 'table' and name = 'users'`)
  return found === 1
}
