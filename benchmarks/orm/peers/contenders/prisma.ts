import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { PrismaPg } from '@prisma/adapter-pg'
import { type Engine, type OpenContender, poolSize } from '../../src/contract.ts'
import type { PrismaClient } from '../generated/sqlite/index.js'

/** The client that the setup generates from `prisma/*.prisma`, over driver adapters: no engine of its own. */
export async function open(engine: Engine, target: string): Promise<OpenContender> {
  const db = engine === 'sqlite' ? await sqlite(target) : await postgres(target)
  return {
    operations: {
      'select-pk': (id) => db.users.findUnique({ where: { id } }),
      'select-100': (after) => db.users.findMany({ where: { id: { gt: after } }, orderBy: { id: 'asc' }, take: 100 }),
      'insert-one': async (note) => (await db.notes.create({ data: note, select: { id: true } })).id,
      'bulk-1000': (notes) => db.notes.createMany({ data: [...notes] }),
      'update-pk': ({ id, hits }) => db.counters.update({ where: { id }, data: { hits } }),
      'eager-50x20': (after) =>
        db.users.findMany({ where: { id: { gt: after } }, orderBy: { id: 'asc' }, take: 50, include: { posts: true } }),
      'filter-order-limit': (views) =>
        db.posts.findMany({
          where: { views: { lt: views }, rating: { gt: 2 } },
          orderBy: [{ views: 'desc' }, { id: 'desc' }],
          take: 20,
        }),
    },
    close: () => db.$disconnect(),
  }
}

async function sqlite(file: string): Promise<PrismaClient> {
  const { PrismaClient: Client } = await import('../generated/sqlite/index.js')
  return new Client({ adapter: new PrismaBetterSqlite3({ url: `file:${file}` }) })
}

async function postgres(connectionString: string): Promise<PrismaClient> {
  const { PrismaClient: Client } = await import('../generated/postgres/index.js')
  // The two clients are one for what is called here.
  return new Client({ adapter: new PrismaPg({ connectionString, max: poolSize }) }) as unknown as PrismaClient
}
