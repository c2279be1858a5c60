import { describe, it } from '@jest/globals'
import { driverContract } from '../src/testing.ts'
import { fileDatabase, nodeSqlite } from './support/node-sqlite.ts'

driverContract(
  'an engine that answers at once',
  { describe, it },
  {
    create: async () => fileDatabase(),
    afterFailedStatement: 'committed',
    afterFailedScript: 'kept',
    readsBesideTransaction: true,
  },
)

driverContract(
  'an engine that answers later',
  { describe, it },
  {
    create: async () => fileDatabase({ asynchronous: true }),
    afterFailedStatement: 'committed',
    afterFailedScript: 'kept',
    readsBesideTransaction: true,
  },
)

driverContract(
  'an engine in this process',
  { describe, it },
  {
    create: async () => fileDatabase({ embedded: true }),
    afterFailedStatement: 'committed',
    afterFailedScript: 'kept',
    readsBesideTransaction: true,
  },
)

driverContract(
  'an engine with one connection',
  { describe, it },
  {
    create: async () => ({ definition: nodeSqlite(), remove: async () => undefined }),
    afterFailedStatement: 'committed',
    afterFailedScript: 'kept',
    readsBesideTransaction: false,
  },
)
