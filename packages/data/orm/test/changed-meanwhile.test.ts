import { expect, it } from '@jest/globals'
import { f, Model, timestamps } from '../src/index.ts'
import { onEachEngine } from './support/engines.ts'

class Event extends Model('events', {
  id: f.id(),
  name: f.string(),
  at: f.datetime(),
  seen: f.bool().default(false),
  ...timestamps(),
}) {}

onEachEngine('what is changed on an instance', (open) => {
  it('in place, a date, is saved after create, after save and after a read', async () => {
    await using _ = await open([Event])
    const stored = async (): Promise<number> => (await Event.findOrFail(event.id)).at.getUTCFullYear()
    const event = await Event.create({ name: 'a', at: new Date(0) })
    event.at.setUTCFullYear(2030)
    expect(event.changes()).toEqual({ at: event.at })
    await event.save()
    expect(await stored()).toBe(2030)
    event.at.setUTCFullYear(2031)
    await event.save()
    expect(await stored()).toBe(2031)
    const made = new Event().fill({ name: 'b', at: new Date(0) })
    await made.save()
    made.at.setUTCFullYear(2032)
    await made.save()
    expect((await Event.findOrFail(made.id)).at.getUTCFullYear()).toBe(2032)
  })

  it('is its own: rows of one createMany do not share their times', async () => {
    await using _ = await open([Event])
    const [one, other] = await Event.createMany([
      { name: 'a', at: new Date(0) },
      { name: 'b', at: new Date(0) },
    ])
    const before = other!.createdAt.getTime()
    one!.createdAt.setUTCFullYear(2001)
    one!.updatedAt.setUTCFullYear(2001)
    expect([other!.createdAt.getTime(), one!.createdAt.getTime() === one!.updatedAt.getTime()]).toEqual([before, true])
    expect(other!.isDirty()).toBe(false)
  })

  it('while it is being saved goes with the next save', async () => {
    await using _ = await open([Event])
    const event = await Event.create({ name: 'first', at: new Date(0) })
    event.name = 'a'
    event.at = new Date(1_000)
    const saving = event.save()
    event.name = 'b'
    event.at.setTime(2_000)
    event.seen = true
    await saving
    expect(event).toMatchObject({ name: 'b', at: new Date(2_000), seen: true })
    expect(Object.keys(event.changes()).toSorted()).toEqual(['at', 'name', 'seen'])
    await event.save()
    expect(await Event.findOrFail(event.id)).toMatchObject({ name: 'b', at: new Date(2_000), seen: true })
    expect(event.isDirty()).toBe(false)
  })

  it('while it is being created is written by the next save', async () => {
    await using _ = await open([Event])
    const event = new Event().fill({ name: 'a', at: new Date(1_000) })
    const saving = event.save()
    event.name = 'b'
    event.at.setTime(2_000)
    event.seen = true
    await saving
    expect(event).toMatchObject({ name: 'b', at: new Date(2_000), seen: true, id: expect.any(Number), createdAt: expect.any(Date) })
    await event.save()
    expect(await Event.findOrFail(event.id)).toMatchObject({ name: 'b', at: new Date(2_000), seen: true })
  })
})
