import { expect, it } from '@jest/globals'
import { belongsTo, f, hasMany, hasOne, keyLoader, Model } from '../../src/index.ts'
import { onEachEngine } from '../support/engines.ts'

class Pilot extends Model('uk_pilots', { id: f.id(), name: f.string(), licence: hasOne(() => Licence), flights: hasMany(() => Flight) }) {}

class Licence extends Model('uk_licences', {
  id: f.id(),
  code: f.string().unique(),
  note: f.string().default(''),
  pilot: belongsTo(() => Pilot, { index: false }),
}) {}

class Flight extends Model('uk_flights', { id: f.id(), pilot: belongsTo(() => Pilot, { index: false }) }) {}

const models = [Pilot, Licence, Flight]

onEachEngine('the foreign key of a relation to one row is unique:', (open, dialect) => {
  it('an index begins with it, and a key loader finds by it', async () => {
    await using space = await open(models)
    void space
    const pilot = await Pilot.create({ name: 'Amy' })
    await Licence.create({ code: 'A1', pilotId: pilot.id })
    expect((await Licence.where('pilotId', pilot.id).explain()).advice).toEqual([])
    expect((await Flight.where('pilotId', pilot.id).explain()).advice).toEqual([
      'Flight is filtered by pilotId, which no index begins with. Consider .index() on Flight.pilotId.',
    ])
    expect((await keyLoader(Licence, { by: 'pilotId' }).load(pilot.id))?.code).toBe('A1')
    expect(() => keyLoader(Flight, { by: 'pilotId' })).toThrow('Flight.pilotId is not unique')
  })

  it('an upsert by another key has to say that it may be meant, where the engine takes any', async () => {
    await using space = await open(models)
    void space
    const pilot = await Pilot.create({ name: 'Amy' })
    const row = { code: 'A1', pilotId: pilot.id, note: 'new' }
    const upsert = Licence.upsert([row], { on: ['code'] })
    if (dialect === 'mysql') await expect(upsert).rejects.toThrow(/pilot_id.*anyKey: true/)
    else expect((await upsert)[0]?.note).toBe('new')
    const [stored] = await Licence.upsert([row], { on: ['pilotId'], anyKey: true })
    expect([stored?.code, await Licence.query().count()]).toEqual(['A1', 1])
  })
})
