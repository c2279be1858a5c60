import { createDb } from '@covet/db'
import { ownServer, type OwnServer } from '@covet-workspace/tooling/services'
import { mysql } from '../../src/index.ts'

export interface ReplicatedServers extends AsyncDisposable {
  readonly primary: OwnServer
  readonly replica: OwnServer
}

const logging = (id: number): string[] => ['--log-bin=binlog', `--server-id=${id}`, '--log-slave-updates']

/** A MariaDB and one that follows it, both private to the caller, who may pause, promote and stop them. */
export async function replicatedServers(): Promise<ReplicatedServers> {
  const stack = new AsyncDisposableStack()
  try {
    const primary = stack.use(await ownServer('mariadb', () => logging(1)))
    const replica = stack.use(await ownServer('mariadb', () => [...logging(2), '--read-only']))
    await follow(primary, replica)
    return { primary, replica, [Symbol.asyncDispose]: () => stack.disposeAsync() }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}

async function follow(primary: OwnServer, replica: OwnServer): Promise<void> {
  // What made the servers is in their logs, and would be made twice.
  await run(primary, 'reset master')
  await run(replica, 'reset master')
  const { port, username, password } = new URL(primary.url)
  await run(
    replica,
    `change master to master_host = '127.0.0.1', master_port = ${port}, master_user = '${username}',
      master_password = '${password}', master_use_gtid = slave_pos, master_connect_retry = 1; start slave`,
  )
}

async function run({ url }: OwnServer, text: string): Promise<void> {
  await using db = createDb(mysql({ url }))
  await db.script(text)
}
