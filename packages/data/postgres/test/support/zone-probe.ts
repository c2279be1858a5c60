import { createDb } from '@covet/db'
import { postgres } from '../../src/index.ts'

// Run under a zone of the test's choice: prints what a date becomes on its way there and back.
await using db = createDb(postgres({ url: process.argv[2] ?? '' }))
const moment = new Date('2024-03-10T02:30:00.123Z')
const [row] = await db.sql`
  select ${moment}::timestamptz as zoned, ${moment}::timestamptz::text as zoned_text, ${moment}::timestamp as plain,
    '2024-03-10'::date as day, ${[moment]}::timestamptz[] as list`
console.log(JSON.stringify({ offset: moment.getTimezoneOffset(), row }))
