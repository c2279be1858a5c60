import { describe, expect, it } from '@jest/globals'
import { errors, f, Model } from '../src/index.ts'
import { onEachEngine } from './support/engines.ts'

class Note extends Model('notes', { id: f.id(), text: f.string().unique(), slug: f.string().nullable() }) {}
class Draft extends Note {}
class Paper extends Model('papers', { id: f.id(), text: f.string(), slug: f.string().nullable(), deletedAt: f.deletedAt() }) {}

const all = [
  'beforeSave',
  'afterSave',
  'beforeCreate',
  'afterCreate',
  'beforeUpdate',
  'afterUpdate',
  'beforeDelete',
  'afterDelete',
  'afterCommit',
] as const

/** Notes the calls of all hooks until it is disposed of. */
function listen(model: typeof Note): { calls: string[] } & Disposable {
  const calls: string[] = []
  const removers = all.map((name) => model.on(name, (note) => void calls.push(`${name} ${note.text}`)))
  return { calls, [Symbol.dispose]: () => removers.forEach((remove) => remove()) }
}

onEachEngine('hooks', (open) => {
  it('run in their order around each write of an instance (Q18)', async () => {
    await using _ = await open([Note])
    using heard = listen(Note)
    const note = await Note.create({ text: 'a' })
    expect(heard.calls.splice(0)).toEqual(['beforeSave a', 'beforeCreate a', 'afterCreate a', 'afterSave a', 'afterCommit a'])
    note.text = 'b'
    await note.save()
    expect(heard.calls.splice(0)).toEqual(['beforeSave b', 'beforeUpdate b', 'afterUpdate b', 'afterSave b', 'afterCommit b'])
    await note.save()
    expect(heard.calls).toEqual([])
    await note.delete()
    expect(heard.calls).toEqual(['beforeDelete b', 'afterDelete b', 'afterCommit b'])
  })

  it('may change what is written, and see the row inside the transaction', async () => {
    await using _ = await open([Note])
    const seen: unknown[] = []
    const removers = [
      Note.on('beforeSave', (note) => {
        note.slug = note.text.toLowerCase()
      }),
      Note.on('afterSave', async (note) => {
        seen.push((await Note.findOrFail(note.id)).slug)
      }),
    ]
    try {
      const note = await Note.create({ text: 'ABC' })
      note.text = 'DEF'
      await note.save()
      expect(seen).toEqual(['abc', 'def'])
      expect((await Note.findOrFail(note.id)).slug).toBe('def')
    } finally {
      for (const remove of removers) remove()
    }
  })

  it('that fail leave nothing behind, neither in the table nor on the instance', async () => {
    await using _ = await open([Note])
    const kept = await Note.create({ text: 'kept' })
    const failing = [
      Note.on('afterSave', () => {
        throw new Error('no')
      }),
      Note.on('afterDelete', () => {
        throw new Error('no')
      }),
    ]
    try {
      const note = new Note().fill({ text: 'new' })
      await expect(note.save()).rejects.toThrow('no')
      expect(note.changes()).toMatchObject({ text: 'new' })
      kept.text = 'changed'
      await expect(kept.save()).rejects.toThrow('no')
      expect(kept.changes()).toEqual({ text: 'changed' })
      await expect(kept.delete()).rejects.toThrow('no')
    } finally {
      for (const remove of failing) remove()
    }
    expect((await Note.query()).map(({ text }) => text)).toEqual(['kept'])
    await kept.save()
    expect((await Note.findOrFail(kept.id)).text).toBe('changed')
  })

  it('of an update are around a restoration, and what they set goes with it', async () => {
    await using _ = await open([Paper])
    const paper = await Paper.create({ text: 'a' })
    await paper.delete()
    const calls: string[] = []
    const removers = all.map((name) => Paper.on(name, () => void calls.push(name)))
    removers.push(
      Paper.on('beforeSave', (each) => {
        each.slug = 'back'
      }),
    )
    try {
      paper.text = 'not saved yet'
      await paper.restore()
      expect(calls.splice(0)).toEqual(['beforeSave', 'beforeUpdate', 'afterUpdate', 'afterSave', 'afterCommit'])
      expect(paper.changes()).toEqual({ text: 'not saved yet' })
      expect(await Paper.findOrFail(paper.id)).toMatchObject({ text: 'a', slug: 'back' })
    } finally {
      for (const remove of removers) remove()
    }
  })

  it('of a restoration are written where they change what waits to be saved, and leave what else waits, right or wrong', async () => {
    await using _ = await open([Paper])
    const paper = await Paper.create({ text: 'a' })
    await paper.delete()
    const remove = Paper.on('beforeUpdate', (each) => {
      each.slug = 'by the hook'
    })
    try {
      paper.slug = 'by the user'
      Object.assign(paper, { text: 7 })
      await paper.restore()
      expect(paper.slug).toBe('by the hook')
      expect(await Paper.findOrFail(paper.id)).toMatchObject({ text: 'a', slug: 'by the hook', deletedAt: null })
      expect(paper.text).toBe(7)
      await expect(paper.save()).rejects.toThrow(errors.InvalidValueError)
      // What is changed in place or set back is as it is stored, and what a hook leaves alone waits on.
      paper.text = 'b'
      await paper.delete()
      await paper.restore()
      expect(paper.changes()).toEqual({ text: 'b' })
    } finally {
      remove()
    }
  })

  it('are called after the commit only: once after nested ones, in order, and never after a rollback (ORM-18, trap 29)', async () => {
    await using at = await open([Note])
    using heard = listen(Note)
    const committed = (): string[] => heard.calls.filter((call) => call.startsWith('afterCommit'))
    await at.db
      .transaction(async () => {
        await at.db.transaction(async () => {
          await Note.create({ text: 'lost' })
        })
        throw new Error('undone')
      })
      .catch(() => undefined)
    expect(committed()).toEqual([])
    await at.db.transaction(async () => {
      await Note.create({ text: 'first' })
      await at.db.transaction(async () => {
        await Note.create({ text: 'second' })
      })
      await at.db
        .transaction(async () => {
          await Note.create({ text: 'dropped' })
          throw new Error('undone')
        })
        .catch(() => undefined)
      expect(committed()).toEqual([])
    })
    expect(committed()).toEqual(['afterCommit first', 'afterCommit second'])
  })

  it('of one name are called in the order they were given, after the commit too (ORM-18)', async () => {
    await using at = await open([Note])
    const calls: string[] = []
    // Alone, and then beside others, which take a transaction around the write.
    for (const given of [['afterCommit'], all] as const) {
      const removers = given.flatMap((name) =>
        ['first', 'second', 'third'].map((which) => Note.on(name, ({ text }) => void calls.push(`${name} ${text} ${which}`))),
      )
      const inOrder = (text: string, names: readonly string[]): string[] =>
        names.flatMap((name) => ['first', 'second', 'third'].map((which) => `${name} ${text} ${which}`))
      const around = given.length > 1 ? ['beforeSave', 'beforeCreate', 'afterCreate', 'afterSave'] : []
      try {
        const texts = [`a${given.length}`, `b${given.length}`, `c${given.length}`] as const
        await Note.create({ text: texts[0] })
        expect(calls.splice(0)).toEqual(inOrder(texts[0], [...around, 'afterCommit']))
        await at.db.transaction(async () => {
          await Note.create({ text: texts[1] })
          await Note.create({ text: texts[2] })
          expect(calls.splice(0)).toEqual([...inOrder(texts[1], around), ...inOrder(texts[2], around)])
        })
        expect(calls.splice(0)).toEqual([...inOrder(texts[1], ['afterCommit']), ...inOrder(texts[2], ['afterCommit'])])
      } finally {
        for (const remove of removers) remove()
      }
    }
  })

  it('are not called for bulk operations (trap 29)', async () => {
    await using _ = await open([Note])
    using heard = listen(Note)
    await Note.createMany([{ text: 'a' }, { text: 'b' }])
    await Note.upsert([{ text: 'a', slug: 'x' }], { on: ['text'], anyKey: true })
    await Note.where('text', 'a').update({ slug: 'y' })
    await Note.where('text', 'a').delete()
    expect(heard.calls).toEqual([])
  })

  it('of a class are those of its subclasses too, and not the other way round', async () => {
    await using _ = await open([Note, Draft])
    const calls: string[] = []
    const removers = [Note.on('beforeSave', () => void calls.push('note')), Draft.on('beforeSave', () => void calls.push('draft'))]
    try {
      await Draft.create({ text: 'd' })
      await Note.create({ text: 'n' })
      expect(calls).toEqual(['note', 'draft', 'note'])
    } finally {
      for (const remove of removers) remove()
    }
  })
})

describe('a hook', () => {
  it('is refused under a name that there is not', () => {
    expect(() => Note.on('beforeSafe' as never, () => undefined)).toThrow(errors.InvalidQueryError)
  })

  it('is taken off by what on() gave, once', () => {
    const work = (): void => undefined
    const [first, second] = [Note.on('afterSave', work), Note.on('afterSave', work)]
    first()
    first()
    second()
    expect(() => second()).not.toThrow()
  })
})
