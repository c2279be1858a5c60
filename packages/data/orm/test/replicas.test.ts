import { expect, it } from '@jest/globals'
import { f, Model } from '../src/index.ts'
import { onReplicatedServers } from './support/replicated.ts'

class Note extends Model('notes', { id: f.id(), body: f.string(), views: f.int().default(0) }) {}

const minute = { ttl: '1m' } as const

onReplicatedServers('models whose reads go to a replica', [Note], (replicated) => {
  it('DB-11 find what the same request created, 100 times of 100, though the replica does not replay', async () => {
    const { db, pause, resume } = replicated()
    await pause()
    try {
      for (let round = 0; round < 100; round += 1) {
        const [created, found] = await db.run(async () => {
          const note = await Note.create({ body: `note ${round}` })
          return [note, await Note.find(note.id)]
        })
        expect(found?.toJSON()).toEqual({ id: created.id, body: `note ${round}`, views: 0 })
        // Others read the replica, which does not have it.
        expect(await Note.find(created.id)).toBeNull()
      }
    } finally {
      await resume()
    }
    expect(await Note.query().count()).toBe(100)
  })

  it('trap 35: never keep for a cached query what a replica behind the write answers', async () => {
    const { pause, resume } = replicated()
    const { id } = await Note.create({ body: 'cached' })
    const note = Note.where('id', id)
    const seen = Note.where('body', 'cached').where('views', '>', 0)
    const cached = async (): Promise<unknown> => [(await note.cache(minute).get()).views, await seen.cache(minute).count()]
    expect(await cached()).toEqual([0, 0])
    await pause()
    try {
      await note.update({ views: 1 })
      expect([(await note.get()).views, await seen.count()]).toEqual([0, 0])
      expect(await cached()).toEqual([1, 1])
    } finally {
      await resume()
    }
    expect([(await note.get()).views, await seen.count()]).toEqual([1, 1])
    expect(await cached()).toEqual([1, 1])
  })
})
