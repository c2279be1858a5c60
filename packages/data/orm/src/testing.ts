export { createTables } from './testing/create-tables.ts'
