import { describe, it } from '@jest/globals'
import { driverContract, type DriverSubject } from '@covet/db/testing'
import { sqlite } from '../src/index.ts'
import { temporaryFile } from './support/temporary-file.ts'

const facts = {
  afterFailedStatement: 'committed',
  afterFailedScript: 'kept',
} as const satisfies Partial<DriverSubject>

driverContract(
  'SQLite in a file',
  { describe, it },
  {
    ...facts,
    readsBesideTransaction: true,
    async create() {
      const { file, remove } = temporaryFile()
      return { definition: sqlite({ file, durability: 'normal' }), remove }
    },
  },
)

driverContract(
  'SQLite in a file, in threads of its own (P7)',
  { describe, it },
  {
    ...facts,
    readsBesideTransaction: true,
    async create() {
      const { file, remove } = temporaryFile()
      return { definition: sqlite({ file, durability: 'normal', worker: true }), remove }
    },
  },
)

driverContract(
  'SQLite in memory',
  { describe, it },
  {
    ...facts,
    readsBesideTransaction: false,
    create: async () => ({ definition: sqlite({ file: ':memory:' }), remove: async () => undefined }),
  },
)
