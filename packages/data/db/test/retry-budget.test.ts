import { describe, expect, it } from '@jest/globals'
import { errors } from '../src/index.ts'
import { Cluster, clusterDb, nodesOf, stillRuntime } from './support/cluster.ts'

describe('the budget of retries', () => {
  it('REL-08 is earned by transactions too', async () => {
    const cluster = new Cluster('primary')
    const [node] = nodesOf(cluster)
    await using db = await clusterDb(cluster, { pool: { max: 1 } })
    for (let losses = 0; losses < 12; losses += 1) {
      node.kill({ silent: true })
      for (let count = 0; count < 100; count += 1) await db.transaction(() => db.sql`select 1`)
    }
    expect(node.seen).toHaveLength(1_200)
  })

  it('REL-08 is all that reads may cost a server which ends their connections again and again', async () => {
    const cluster = new Cluster('primary')
    const [node] = nodesOf(cluster)
    await using db = await clusterDb(cluster, { pool: { max: 1 }, breaker: false }, stillRuntime().runtime)
    const readAfterLoss = (): PromiseLike<unknown> => {
      node.kill({ silent: true })
      return db.sql`select 1 as one`
    }
    // There are 11 retries to begin with. Each costs one, and what it answers earns a tenth.
    for (let losses = 0; losses < 12; losses += 1) expect(await readAfterLoss()).toEqual([{ one: 1 }])
    expect(node.seen).toHaveLength(24)
    await expect(readAfterLoss()).rejects.toBeInstanceOf(errors.ConnectionLost)
    expect(node.seen).toHaveLength(25)
    for (let count = 0; count < 10; count += 1) await db.sql`select 2`
    expect(await readAfterLoss()).toEqual([{ one: 1 }])
    await expect(readAfterLoss()).rejects.toBeInstanceOf(errors.ConnectionLost)
  })
})
