import { expect, it } from '@jest/globals'
import { f, Model } from '../src/index.ts'
import { onEachEngine } from './support/engines.ts'

class Odd extends Model('odd', {
  id: f.id(),
  "it's": f.string().column('its'),
  'back\\slash': f.datetime().column('back_slash'),
  'two\nlines': f.int().column('two_lines'),
  '`${"\']': f.bool().column('quotes'),
}) {}

onEachEngine('properties of any name', (open) => {
  it('are written and read (trap 38)', async () => {
    await using _ = await open([Odd])
    const values = { "it's": 'here', 'back\\slash': new Date('2024-03-10T02:30:00Z'), 'two\nlines': 2, '`${"\']': true }
    const made = await Odd.create(values)
    expect(made).toMatchObject(values)
    const found = await Odd.findOrFail(made.id)
    expect(found).toMatchObject({ id: made.id, ...values })
    found["it's"] = 'there'
    found['two\nlines'] = 3
    await found.save()
    expect(await Odd.where("it's", 'there').orderBy('back\\slash').get()).toMatchObject({ ...values, "it's": 'there', 'two\nlines': 3 })
  })
})
