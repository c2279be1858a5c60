export { sqlite } from './plugin.ts'
export type { Durability, SqliteOptions } from './options.ts'
export * as errors from './errors.ts'
