import { createDb } from '@covet/db'
import { mysql } from '@covet/mysql'
import { ownServer } from '@covet-workspace/tooling/services'
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
await using server = await ownServer('mariadb', () => [])
const watcher = createDb(mysql({ url: server.url, pool: { max: 20 } }))
await watcher.script('create table counters (id integer primary key, hits integer not null)')
let dumped = false
async function scene(n: number, size: number) {
  await watcher.sql`insert into counters values (${n}, 0)`
  const db = createDb(mysql({ url: server.url, statementTimeout: 2000, lockTimeout: '6s', cancelTimeout: 5000, pool: { max: size } }))
  const [locked, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const locking = watcher.transaction(async () => { await watcher.sql.run`update counters set hits = hits where id = ${n}`; locked.resolve(); await release.promise })
  await locked.promise
  const began = performance.now()
  const timer = setTimeout(() => { if (dumped) return; dumped = true; writeFileSync('/tmp/m/mut/bt.txt', execFileSync('gdb', ['-p', String(server.pid), '-batch', '-ex', 'set pagination off', '-ex', 'thread apply all bt 14'], { maxBuffer: 1e8, stdio: ['ignore', 'pipe', 'ignore'] })) }, 3300)
  const out = await Promise.all(Array.from({ length: size }, async () => { try { await db.sql.run`update counters set hits = hits + 1 where id = ${n}`; return 0 } catch (e) { return Math.round(performance.now() - began) } }))
  clearTimeout(timer)
  release.resolve(); await locking
  console.log(n, Math.max(...out))
  await db.close({ drain: 0 })
}
const [scenes, size] = process.argv.slice(2).map(Number) as [number, number]
for (let round = 1; round < 14; round++) await Promise.all(Array.from({ length: scenes }, (_, n) => scene(round * 10 + n, size)))
await watcher.close({ drain: 0 })
