export { mysql } from './plugin.ts'
export type { MysqlAddress, MysqlOptions, MysqlReplica } from './options.ts'
export type { MysqlTlsOptions } from './tls.ts'
export * as errors from './errors.ts'
