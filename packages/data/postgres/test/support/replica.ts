import { execFileSync } from 'node:child_process'
import { realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { eventually } from '@covet/testing'
import { ownServer, type OwnServer } from '@covet-workspace/tooling/services'
import { postgres } from '../../src/index.ts'

export interface ReplicatedServers extends AsyncDisposable {
  primary: OwnServer
  replica: OwnServer
}

// The replica has the accounts of its primary, and both are on the loopback for the length of a test.
const hba = 'host all all 127.0.0.1/32 trust\nhost replication all 127.0.0.1/32 trust\n'

/** A primary and a replica that follows it, both private to the caller, who may pause, promote and stop them. */
export async function replicatedServers(): Promise<ReplicatedServers> {
  const primary = await ownServer('postgres', ({ write }) => ['-c', `hba_file=${write('hba', hba)}`])
  try {
    const replica = await replicaOf(primary)
    await follows(replica)
    return {
      primary,
      replica,
      async [Symbol.asyncDispose]() {
        await replica[Symbol.asyncDispose]()
        await primary[Symbol.asyncDispose]()
      },
    }
  } catch (error) {
    await primary[Symbol.asyncDispose]()
    throw error
  }
}

/** A server that has just started answers before it receives anything. */
async function follows({ url }: OwnServer): Promise<void> {
  const connection = await postgres({ url }).connection.driver.nodes[0].connect('writer')
  await eventually(async () => {
    const status = await connection.replication?.status()
    if (status?.lagMs !== 0) throw new Error(`The replica does not follow yet: ${JSON.stringify(status)}`)
  })
  await connection.close()
}

/** Another server with what the primary has now, which follows it unless the settings say otherwise. */
export function replicaOf(primary: OwnServer, settings: readonly string[] = []): Promise<OwnServer> {
  return ownServer('postgres', ({ folder, binary, write }) => {
    const data = join(folder, 'replica')
    // The server's account has to own its data: it owns the folder around them.
    const { uid, gid } = statSync(folder)
    const account = process.getuid?.() === 0 ? { uid, gid } : {}
    // Of the server's own version; where `initdb` is a link, its companions are beside the file.
    const command = join(dirname(realpathSync(binary('initdb'))), 'pg_basebackup')
    const connection = `host=127.0.0.1 port=${primary.port} user=covet`
    execFileSync(command, ['-D', data, '-R', '--checkpoint=fast', '-d', connection], { ...account, cwd: folder, stdio: 'pipe' })
    return ['-D', data, '-c', `hba_file=${write('hba', hba)}`, ...settings]
  })
}
