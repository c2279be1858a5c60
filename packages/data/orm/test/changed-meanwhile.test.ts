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

class Every extends Model('every_type', {
  id: f.id(),
  yes: f.bool(),
  at: f.datetime(),
  data: f.json<{ a: number }>(),
  big: f.bigint(),
  price: f.decimal(10, 2),
  ratio: f.float(),
  time: f.time(),
  bytes: f.bytes(),
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

  it('is found on an instance of raw SQL too, and nothing else', async () => {
    await using _ = await open([Every])
    const bytes = new Uint8Array([1, 2, 3])
    await Every.create({ yes: true, at: new Date(1), data: { a: 1 }, big: 5n, price: '1.50', ratio: 1.5, time: '10:00:00', bytes })
    const [every] = await Every.raw`select * from every_type`
    expect(every).toMatchObject({ bytes, at: new Date(1) })
    expect(every!.changes()).toEqual({})
    every!.at.setUTCFullYear(2030)
    every!.data.a = 2
    expect(Object.keys(every!.changes())).toEqual(['at', 'data'])
    await every!.save()
    expect(await Every.findOrFail(every!.id)).toMatchObject({ at: every!.at, data: { a: 2 }, bytes })
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
