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
    const rows = await db.sql`
      select count, typeof(count) as "countType", typeof(seen) as "seenType", typeof(share) as "shareType", code, typeof(code) as "codeType"
      from readings order by id`
    const types = { countType: 'integer', seenType: 'integer', shareType: 'real' }
    expect(rows).toEqual([
      { count: 5, ...types, code: '7', codeType: 'text' },
      { count: -1, ...types, code: null, codeType: 'null' },
      { count: Number.MAX_SAFE_INTEGER, ...types, code: '8', codeType: 'text' },
      { count: 0, ...types, code: '9', codeType: 'text' },
    ])
    expect(await Reading.find(3)).toMatchObject({ count: Number.MAX_SAFE_INTEGER, seen: true })
  } finally {
    unbind()
  }
})
