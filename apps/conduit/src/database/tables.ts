import { plugin, type Plugin } from '@covet/core'
import { introspect, renderCreate } from '@covet/db/catalog'
import { catalogOf, Models } from '@covet/orm'
import { Passwords } from '@covet/password'
import { writeDemoData } from '../demo/write-demo-data.ts'
import { ForeignTablesError } from './errors.ts'

/** Makes the tables of the models on the first start, all of them or none, and fills them with demo data if wanted. */
export const tables = ({ demoData }: { demoData: boolean }): Plugin<'models' | 'password'> =>
  plugin({
    name: 'conduit/tables',
    needs: { models: Models, passwords: Passwords },
    async setup(_app, { models: { all, database }, passwords }) {
      const wanted = catalogOf(all)
      await database.transaction(async () => {
        const found = new Set((await introspect(database)).tables.map(({ name }) => name))
        if (wanted.tables.every(({ name }) => found.has(name))) return
        if (found.size > 0) throw new ForeignTablesError([...found])
        // SQL-04 -- rendered from the models, with every name quoted
        for (const statement of renderCreate(wanted, database.dialect)) await database.script(statement)
        if (demoData) await writeDemoData(database, passwords)
      })
    },
  })
