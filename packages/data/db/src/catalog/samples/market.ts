import type { Catalog } from '../types.ts'
import { catalogTables } from './market-catalog.ts'
import { peopleTables } from './market-people.ts'
import { salesTables } from './market-sales.ts'

/** A marketplace of 20 related tables with everything a catalogue can say that three engines understand. */
export const market: Catalog = { tables: [...peopleTables, ...catalogTables, ...salesTables] }
