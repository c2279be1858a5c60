import { expect, it } from '@jest/globals'
import { errors, f, Model, value } from '../src/index.ts'
import { onEachEngine } from './support/engines.ts'

class Reading extends Model('readings', { id: f.id(), count: f.int(), ratio: f.float().nullable() }) {}

onEachEngine('a value that an update() gives as an expression', (open) => {
  it('is checked as one that it gives plainly', async () => {
    await using _ = await open([Reading])
    const { id } = await Reading.create({ count: 5, ratio: 0.5 })
    const row = Reading.where('id', id)
    for (const wrong of [1.5, Number.NaN, 2n ** 70n, 'five'])
      await expect(row.update(() => ({ count: value(wrong) as never }))).rejects.toThrow(errors.InvalidValueError)
    await expect(row.update(() => ({ ratio: value(Number.NaN) }))).rejects.toThrow(errors.InvalidValueError)
    expect(await Reading.findOrFail(id)).toMatchObject({ count: 5, ratio: 0.5 })
    expect(await row.update((c) => ({ count: value(7), ratio: c.ratio.add(1) }))).toBe(1)
    expect(await row.update(() => ({ count: value(8) }))).toBe(1)
    expect(await Reading.findOrFail(id)).toMatchObject({ count: 8, ratio: 1.5 })
  })
})

onEachEngine('an update() whose statement was made by the one before', (open) => {
  it('checks its value, and takes null, expressions and further columns for what they are', async () => {
    await using _ = await open([Reading])
    const { id } = await Reading.create({ count: 1, ratio: 0.5 })
    const row = Reading.where('id', id)
    for (const count of [2, 3]) expect(await row.update({ count })).toBe(1)
    for (const wrong of [1.5, 'five', undefined, null, true, [4], {}]) {
      await expect(row.update({ count: wrong as never })).rejects.toThrow()
      expect(await Reading.findOrFail(id)).toMatchObject({ count: 3 })
    }
    for (const [ratio, stored] of [
      [1.5, 1.5],
      [null, null],
      [2.5, 2.5],
      [value(3.5), 3.5],
    ] as const) {
      expect(await row.update({ ratio: ratio as number })).toBe(1)
      expect(await Reading.findOrFail(id)).toMatchObject({ ratio: stored })
    }
    expect(await row.update({ count: 4, ratio: 0 })).toBe(1)
    expect(await Reading.where('id', id + 1).update({ count: 5 })).toBe(0)
    expect(await Reading.findOrFail(id)).toMatchObject({ count: 4, ratio: 0 })
    await expect(Reading.query().update({ count: 9 })).rejects.toThrow(errors.UnfilteredWriteError)
  })
})
