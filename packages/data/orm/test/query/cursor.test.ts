import { expect, it } from '@jest/globals'
import { f, Model } from '../../src/index.ts'
import { onEachEngine } from '../support/engines.ts'

class Picture extends Model('pictures', { id: f.id(), hash: f.bytes() }) {}

onEachEngine('cursor()', (open) => {
  it('pages by a column of bytes, forwards and backwards', async () => {
    await using _ = await open([Picture])
    const hashes = ['00ff', '10', '10', '7f00fe', 'fb80']
    await Picture.createMany(hashes.map((hash) => ({ hash: Buffer.from(hash, 'hex') })))
    const query = Picture.query().orderBy('hash')
    const seen: string[] = []
    let [after, last]: [string | null, string | null] = [null, null]
    do {
      const page: { items: Picture[]; next: string | null; previous: string | null } = await query.cursor({ size: 2, after })
      seen.push(...page.items.map(({ hash }) => Buffer.from(hash).toString('hex')))
      after = page.next
      last = page.previous
    } while (after !== null)
    expect(seen).toEqual(hashes)
    const { items } = await query.cursor({ size: 2, before: last })
    expect(items.map(({ hash }) => Buffer.from(hash).toString('hex'))).toEqual(['10', '7f00fe'])
  })

  it('refuses one whose bytes are none', async () => {
    await using _ = await open([Picture])
    await Picture.createMany([{ hash: Buffer.of(1) }, { hash: Buffer.of(2) }])
    const query = Picture.query().orderBy('hash')
    const { next } = await query.cursor({ size: 1 })
    const parts = JSON.parse(Buffer.from(next ?? '', 'base64url').toString()) as unknown[]
    const forged = Buffer.from(JSON.stringify([parts[0], { 0: 1 }, parts[2]])).toString('base64url')
    await expect(query.cursor({ size: 1, after: forged })).rejects.toThrow('not from this query')
  })
})
