import { errors as dbErrors } from '@covet/db'
import { expect, it } from '@jest/globals'
import { belongsTo, f, hasMany, hasOne, Model } from '../src/index.ts'
import { onEachEngine } from './support/engines.ts'

/** Rows that queries of their model do not see. */
class Writer extends Model('writers', { id: f.id(), name: f.string(), drafts: hasMany(() => Draft), cover: hasOne(() => Cover) }) {}
class Draft extends Model(
  'drafts',
  { id: f.id(), isPublished: f.bool(), writer: belongsTo(() => Writer).nullable(), deletedAt: f.deletedAt() },
  { scope: (c) => c.isPublished.eq(true) },
) {}
class Cover extends Model('covers', { id: f.id(), writer: belongsTo(() => Writer).nullable(), deletedAt: f.deletedAt() }) {}
const desk = [Writer, Draft, Cover] as const

/** Keys that the engine takes for the same in several spellings, and such as hold no text. */
class Shelf extends Model('shelves', { id: f.id(), books: hasMany(() => Book), boxes: hasMany(() => Box) }) {}
class Book extends Model('books', { isbn: f.string({ max: 20 }).ci().primary(), shelf: belongsTo(() => Shelf).nullable() }) {}
class Box extends Model('boxes', { packedAt: f.datetime().primary(), shelf: belongsTo(() => Shelf).nullable() }) {}

onEachEngine('related() of hasMany and hasOne', (open) => {
  it('lets an instance refer to a row whether or not queries of its model see it (Q11)', async () => {
    await using _ = await open(desk)
    const [ann, bob] = (await Writer.createMany([{ name: 'ann' }, { name: 'bob' }])) as [Writer, Writer]
    const [hidden, deleted, seen] = (await Draft.createMany([{ isPublished: false }, { isPublished: true }, { isPublished: true }])) as [
      Draft,
      Draft,
      Draft,
    ]
    await deleted.delete()
    const all = [hidden, deleted, seen]
    const refer = async (): Promise<unknown[]> => {
      const stored = await Draft.query().unscoped().orderBy('id')
      expect(all.map(({ writerId }) => writerId)).toEqual(stored.map(({ writerId }) => writerId))
      return stored.map(({ writerId }) => writerId)
    }
    await ann.related('drafts').add(hidden, deleted, seen)
    expect(await refer()).toEqual([ann.id, ann.id, ann.id])
    await bob.related('drafts').set(all)
    expect(await refer()).toEqual([bob.id, bob.id, bob.id])
    await bob.related('drafts').remove(hidden, deleted)
    expect(await refer()).toEqual([null, null, bob.id])
    const cover = await Cover.create({})
    await cover.delete()
    await ann.related('cover').set(cover)
    expect((await Cover.query().unscoped().get()).writerId).toBe(ann.id)
  })

  it('refuses to let a row refer that is not there or that its key does not find, and writes none of the others (Q11)', async () => {
    await using _ = await open(desk)
    const ann = await Writer.create({ name: 'ann' })
    const [hidden, seen] = (await Draft.createMany([{ isPublished: false }, { isPublished: true }])) as [Draft, Draft]
    for (const key of [999, hidden.id]) {
      await expect(ann.related('drafts').add(key)).rejects.toThrow(dbErrors.ForeignKeyViolation)
      await expect(ann.related('drafts').add(seen, key)).rejects.toThrow(dbErrors.ForeignKeyViolation)
      await expect(ann.related('drafts').set([key, seen])).rejects.toThrow(dbErrors.ForeignKeyViolation)
    }
    await expect(ann.related('cover').set(999)).rejects.toThrow(dbErrors.ForeignKeyViolation)
    expect(seen.writerId).toBeNull()
    expect((await Draft.query().unscoped()).map(({ writerId }) => writerId)).toEqual([null, null])
    await ann.related('drafts').remove(999)
    await ann.related('drafts').add(seen, seen.id, seen.id)
    expect((await Draft.findOrFail(seen.id)).writerId).toBe(ann.id)
  })

  it('takes keys for one row that the engine takes for the same, and no others (Q11)', async () => {
    await using _ = await open([Shelf, Book, Box])
    const shelf = await Shelf.create({})
    await Book.create({ isbn: 'abc-X' })
    await shelf.related('books').add('ABC-x', 'abc-X', 'abc-x')
    expect(await shelf.related('books').count()).toBe(1)
    const times = [1, 2, 3].map((milliseconds) => new Date(Date.UTC(2026, 0, 1, 0, 0, 0, milliseconds)))
    const boxes = await Box.createMany(times.map((packedAt) => ({ packedAt })))
    await shelf.related('boxes').add(...boxes)
    expect(boxes.map(({ shelfId }) => shelfId)).toEqual([shelf.id, shelf.id, shelf.id])
    await expect(shelf.related('boxes').add(times[0]!, new Date(Date.UTC(2026, 0, 1, 0, 0, 0, 9)))).rejects.toThrow(
      dbErrors.ForeignKeyViolation,
    )
  })
})
