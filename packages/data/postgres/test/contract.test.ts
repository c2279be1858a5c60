import { describe, it } from '@jest/globals'
import { driverContract } from '@covet/db/testing'
import { describeWith } from '@covet-workspace/tooling/services/jest'
import { postgres } from '../src/index.ts'
import { idleInTransaction } from './support/databases.ts'

describeWith('postgres', 'on a real server', (open) => {
  driverContract(
    'PostgreSQL',
    { describe, it },
    {
      afterFailedStatement: 'aborted',
      afterFailedScript: 'undone',
      readsBesideTransaction: true,
      openTransactions: idleInTransaction,
      async create() {
        const { url, drop } = await open()
        return { definition: postgres({ url }), remove: drop }
      },
    },
  )
})
