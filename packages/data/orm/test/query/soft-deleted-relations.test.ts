import { expect, it } from '@jest/globals'
import { belongsTo, f, hasMany, manyToMany, Model } from '../../src/index.ts'
import { onEachEngine } from '../support/engines.ts'

class Team extends Model('teams', {
  id: f.id(),
  name: f.string(),
  players: hasMany(() => Player),
  sponsors: manyToMany(() => Sponsor, { through: () => Deal }),
}) {}
class Player extends Model('players', {
  id: f.id(),
  name: f.string(),
  goals: f.int(),
  team: belongsTo(() => Team),
  deletedAt: f.deletedAt(),
}) {}
class Sponsor extends Model('sponsors', { id: f.id(), name: f.string() }) {}
class Deal extends Model('deals', {
  id: f.id(),
  team: belongsTo(() => Team),
  sponsor: belongsTo(() => Sponsor),
  deletedAt: f.deletedAt(),
}) {}

onEachEngine('softly deleted rows of relations', (open) => {
  it('neither match nor count, in junctions too (trap 28)', async () => {
    await using space = await open([Team, Player, Sponsor, Deal])
    void space
    const team = await Team.create({ name: 'Reds' })
    const sponsor = await Sponsor.create({ name: 'Acme' })
    const [gone] = await Player.createMany([
      { name: 'Ann', goals: 5, teamId: team.id },
      { name: 'Bob', goals: 2, teamId: team.id },
    ])
    const deal = await Deal.create({ teamId: team.id, sponsorId: sponsor.id })
    expect(await Team.where('sponsors.name', 'Acme').count()).toBe(1)
    await gone?.delete()
    await deal.delete()
    expect(await Team.where('players.name', 'Ann').count()).toBe(0)
    expect(await Team.where('sponsors.name', 'Acme').count()).toBe(0)
    const [row] = await Team.query().annotate((c) => ({
      count: c.players.count(),
      goals: c.players.goals.sum(),
      deals: c.sponsors.count(),
    }))
    expect(row).toMatchObject({ count: 1, goals: 2, deals: 0 })
  })
})
