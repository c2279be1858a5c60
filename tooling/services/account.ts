import { readFileSync } from 'node:fs'

/** The account that private servers run as. */
export interface Account {
  uid: number
  gid: number
}

/** Root hands its servers to `nobody`: PostgreSQL refuses root, and the others need none of its power. Others keep their own account. */
export function serverAccount(): Account | undefined {
  if (!isRoot()) return undefined
  const entry = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((line) => line.startsWith('nobody:'))
  const [, , uid, gid] = entry?.split(':') ?? []
  if (!uid || !gid) throw new Error('running as root, and /etc/passwd has no account nobody to hand the servers to')
  return { uid: Number(uid), gid: Number(gid) }
}

export function isRoot(): boolean {
  return process.getuid?.() === 0
}
