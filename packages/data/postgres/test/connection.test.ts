import { type Connection, errors } from '@covet/db'
import { failure } from '@covet/testing'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { describeWith } from '@covet-workspace/tooling/services/jest'
import { postgres } from '../src/index.ts'
import type { Open } from './support/databases.ts'

describeWith('postgres', 'one connection', (open: Open) => {
  let connection: Connection
  beforeAll(async () => {
    connection = await postgres({ url: (await open()).url }).connection.driver.nodes[0].connect('writer')
  })
  afterAll(() => connection.close())

  const run = async (text: string): Promise<unknown[]> => (await connection.execute({ text, params: [], rowMode: 'array' })).rows
  const many = { text: 'select n from generate_series(1, 1000) as t (n)', params: [], rowMode: 'array' } as const

  it('streams inside a transaction of its own caller, who goes on with it', async () => {
    await connection.begin({ readOnly: false })
    let count = 0
    for await (const _ of connection.stream(many)) count += 1
    expect(count).toBe(1_000)
    for await (const _ of connection.stream(many)) break
    expect(await run('select name from pg_cursors')).toEqual([['']])
    for await (const row of connection.stream(many)) {
      expect(row).toEqual([1])
      break
    }
    expect(connection.transactionStatus).toBe('open')
    expect(await connection.commit()).toBe(true)
  })

  it('streams from a statement that fails on its way, and can be used again', async () => {
    const reading = (async () => {
      for await (const _ of connection.stream({ text: 'select 1 / (500 - n) from generate_series(1, 1000) as t (n)', params: [] })) continue
    })()
    expect(await failure(reading)).toBeInstanceOf(errors.QueryFailed)
    expect(connection.transactionStatus).toBe('idle')
    const committing = (async () => {
      for await (const _ of connection.stream({ text: 'commit', params: [] })) continue
    })()
    await expect(committing).rejects.toBeInstanceOf(errors.TransactionControlError)
  })

  it('does one thing at a time', async () => {
    const first = run('select pg_sleep(0.05)')
    expect(await failure(run('select 1'))).toMatchObject({ message: expect.stringContaining('one thing at a time') })
    await first
  })

  it('knows its transaction: open, failed, ended by a rollback to a savepoint or altogether', async () => {
    await connection.begin({ readOnly: false, isolation: 'repeatable read' })
    await connection.savepoint('a')
    await failure(run('select 1 / 0'))
    expect(connection.transactionStatus).toBe('failed')
    await connection.rollbackTo('a')
    expect(connection.transactionStatus).toBe('open')
    await connection.release('a')
    await failure(run('select 1 / 0'))
    expect(await connection.commit()).toBe(false)
    expect(connection.transactionStatus).toBe('idle')
    expect(await connection.commit()).toBe(false)
  })

  it('is over once it is closed, in the middle of a statement too', async () => {
    const other = await postgres({ url: (await open()).url }).connection.driver.nodes[0].connect('writer')
    const running = failure((async () => other.execute({ text: 'select pg_sleep(10)', params: [] }))())
    await other.close()
    await other.close()
    expect(await running).toBeInstanceOf(errors.ConnectionLost)
    expect(other.isOpen).toBe(false)
    expect(await failure((async () => other.execute({ text: 'select 1', params: [] }))())).toMatchObject({
      code: 'db/connection-lost',
      sent: false,
    })
  })
})
