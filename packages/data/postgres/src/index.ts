export { postgres } from './plugin.ts'
export type { PostgresOptions, PostgresReplica, PostgresServer, Prepare } from './options.ts'
export type { PostgresTls } from './tls.ts'
export * as errors from './errors.ts'
