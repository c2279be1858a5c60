import { describe, it } from '@jest/globals'
import { driverContract } from '@covet/db/testing'
import { mysql } from '../src/index.ts'
import { describeServers, openTransactions } from './support/servers.ts'

describeServers('the contract', (server) => {
  for (const prepare of ['auto', 'never'] as const) {
    driverContract(
      `${server.product} with prepare: '${prepare}'`,
      { describe, it },
      {
        afterFailedStatement: 'committed',
        afterFailedScript: 'kept',
        readsBesideTransaction: true,
        openTransactions,
        async create() {
          const { url, drop } = await server.open()
          return { definition: mysql({ url, prepare }), remove: drop }
        },
      },
    )
  }
})
