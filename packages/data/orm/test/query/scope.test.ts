import { expect, it } from '@jest/globals'
import { belongsTo, f, hasMany, Model } from '../../src/index.ts'
import { onEachEngine } from '../support/engines.ts'

class Shelf extends Model('shelves', { id: f.id(), label: f.string(), books: hasMany(() => Volume) }) {}

class Volume extends Model(
  'volumes',
  { id: f.id(), title: f.string(), stage: f.string(), copies: f.int().default(1), shelf: belongsTo(() => Shelf) },
  { scope: (c) => c.stage.in(['out', 'lent']) },
) {}

let visible = 'out'

class Notice extends Model('notices', { id: f.id(), stage: f.string() }, { scope: (c) => c.stage.eq(visible) }) {}

onEachEngine('the scope of a model', (open) => {
  it('is asked for by every query anew: it may look at who asks', async () => {
    await using space = await open([Notice])
    void space
    visible = 'out'
    const { id } = await Notice.create({ stage: 'out' })
    expect(await Notice.find(id)).not.toBeNull()
    expect(await Notice.query().count()).toBe(1)
    visible = 'draft'
    expect(await Notice.find(id)).toBeNull()
    expect(await Notice.findMany([id])).toEqual([])
    expect(await Notice.query().count()).toBe(0)
  })

  it('is part of every read by key, whose values come after its own', async () => {
    await using space = await open([Shelf, Volume])
    void space
    const shelf = await Shelf.create({ label: 'A' })
    await Volume.createMany([
      { title: 'one', stage: 'out', shelfId: shelf.id },
      { title: 'two', stage: 'draft', shelfId: shelf.id },
      { title: 'three', stage: 'lent', shelfId: shelf.id },
    ])
    const [one, two, three] = await Volume.query().unscoped().orderBy('id')
    const ids = [one, two, three].map((volume) => volume?.id ?? 0)

    expect(await Volume.find(ids[0] ?? 0)).toMatchObject({ title: 'one' })
    expect(await Volume.find(ids[1] ?? 0)).toBeNull()
    await expect(Volume.findOrFail(ids[1] ?? 0)).rejects.toThrow('Volume')
    expect((await Volume.findMany(ids)).map(({ title }) => title)).toEqual(['one', 'three'])
    expect(await Volume.where('copies', 1).count()).toBe(2)
    expect((await shelf.related('books').orderBy('id')).map(({ title }) => title)).toEqual(['one', 'three'])
    expect((await Shelf.query().with('books').firstOrFail()).books).toHaveLength(2)

    const found = await Volume.findOrFail(ids[2] ?? 0)
    await Volume.where('id', found.id).update({ copies: 4 })
    await found.refresh()
    expect(found.copies).toBe(4)
    found.title = 'third'
    await found.save()
    expect(await Volume.where('title', 'third').update((c) => ({ copies: c.copies.add(1) }))).toBe(1)
    expect(await Volume.where('id', found.id).select('copies').first()).toEqual({ copies: 5 })
    expect(await Volume.where('copies', '>', 0).delete()).toBe(2)
    expect(await Volume.query().unscoped().count()).toBe(1)
  })
})
