import { createDb } from '@covet/db'
import { sqlite } from '@covet/sqlite'
import { expect, it } from '@jest/globals'
import { bind, f, Model } from '../src/index.ts'

class Reading extends Model('readings', { id: f.id(), count: f.int(), seen: f.bool(), share: f.float(), code: f.int().nullable() }) {}

it('whole numbers are stored as integers, whatever the columns of a SQLite table are declared as', async () => {
  await using db = createDb(sqlite({ file: ':memory:' }))
  const unbind = bind([Reading], db)
  try {
    await db.script('create table readings (id integer primary key, count, seen blob, share real, code text)')
    await Reading.create({ count: 5, seen: true, share: 2, code: 7 })
    await Reading.createMany([
      { count: -1, seen: false, share: 0.5, code: null },
      { count: Number.MAX_SAFE_INTEGER, seen: true, share: -0, code: 8 },
    ])
    await Reading.upsert([{ id: 4, count: 0, seen: false, share: 1e300, code: 9 }], { on: ['id'] })
    await Reading.create({ id: 5, count: 0, seen: false, share: 0.5, code: null })
    expect(await Reading.where('id', 5).update({ count: 6, seen: true, share: 4, code: 10 })).toBe(1)
    await Reading.create({ id: 6, count: 7, seen: false, share: 0.5, code: 11 })
    expect(await Reading.where('code', 11).update({ count: 8, seen: true, share: 4, code: 12 })).toBe(1)
    const rows = await db.sql`
      select count, typeof(count) as "countType", typeof(seen) as "seenType", typeof(share) as "shareType", code, typeof(code) as "codeType"
      from readings order by id`
    const types = { countType: 'integer', seenType: 'integer', shareType: 'real' }
    expect(rows).toEqual([
      { count: 5, ...types, code: '7', codeType: 'text' },
      { count: -1, ...types, code: null, codeType: 'null' },
      { count: Number.MAX_SAFE_INTEGER, ...types, code: '8', codeType: 'text' },
      { count: 0, ...types, code: '9', codeType: 'text' },
      { count: 6, ...types, code: '10', codeType: 'text' },
      { count: 8, ...types, code: '12', codeType: 'text' },
    ])
    expect(await Reading.find(3)).toMatchObject({ count: Number.MAX_SAFE_INTEGER, seen: true })
  } finally {
    unbind()
  }
})
