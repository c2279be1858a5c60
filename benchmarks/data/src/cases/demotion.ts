import { createDb } from '@covet/db'
import { postgres } from '@covet/postgres'
import { Client } from 'pg'
import { replicatedServers, type ReplicatedServers } from '../../../../packages/data/postgres/test/support/replica.ts'
import type { Case } from '../case.ts'
import type { Figure } from '../figure.ts'
import { check, times, until } from '../timing.ts'

const full = { rounds: 3, healthEvery: 1_000 }

export async function measure(_engine: string, { rounds, healthEvery } = full): Promise<Figure[]> {
  const measured = await times(rounds, () => demote(healthEvery))
  return [
    {
      what: `from the promotion to the first write that was taken, health.every ${healthEvery} ms: longest of ${rounds}`,
      unit: 'ms',
      value: Math.max(...measured.map(({ took }) => took)),
      bound: { below: healthEvery },
    },
    { what: 'writes refused after the promotion', unit: '', value: measured.reduce((sum, { refused }) => sum + refused, 0) },
  ]
}

/** The primary becomes read-only, then its replica is promoted; somebody writes all the time. */
async function demote(healthEvery: number): Promise<{ took: number; refused: number }> {
  await using servers = await replicatedServers()
  await using db = createDb(
    postgres({ url: servers.primary.url, replicas: [{ url: servers.replica.url }], health: { every: healthEvery, timeout: '1s' } }),
  )
  await db.script('create table notes (id integer primary key)')
  await db.sql`insert into notes values (0)`
  await promote(servers)
  const promoted = performance.now()
  let refused = -1
  const write = async (): Promise<boolean> => {
    refused += 1
    return db.sql`insert into notes values (${refused + 1})`.then(
      () => true,
      () => false,
    )
  }
  await until('a write is taken', write)
  const took = performance.now() - promoted
  const [old, taken] = [await ask(servers.primary.url, 'select id from notes'), await ask(servers.replica.url, 'select id from notes')]
  check(old.length === 1, `The old primary took a write: ${JSON.stringify(old)}`)
  check(taken.length === 2, `The new primary has not taken the write: ${JSON.stringify(taken)}`)
  return { took, refused }
}

async function promote({ primary, replica }: ReplicatedServers): Promise<void> {
  const hasRow = async (): Promise<boolean> =>
    (await ask(replica.url, `select to_regclass('notes') as found`)).some(({ found }) => found !== null) &&
    (await ask(replica.url, 'select id from notes')).length === 1
  await until('the replica has the row', hasRow)
  await ask(primary.url, 'alter system set default_transaction_read_only = on')
  await ask(primary.url, 'select pg_reload_conf()')
  const isReadOnly = async (): Promise<boolean> =>
    (await ask(primary.url, `select 1 where current_setting('default_transaction_read_only') = 'on'`)).length === 1
  await until('the old primary is read-only', isReadOnly)
  await ask(replica.url, 'select pg_promote()')
}

async function ask(connectionString: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

export const demotion: Case = { id: 'DB-12', title: 'a primary that is one no more', engines: ['postgres'], measure }
