import { expect, it } from '@jest/globals'
import { belongsTo, exists, f, hasMany, manyToMany, Model } from '../../src/index.ts'
import { onEachEngine } from '../support/engines.ts'

class Team extends Model('teams', {
  id: f.id(),
  name: f.string(),
  league: belongsTo(() => League).nullable(),
  players: hasMany(() => Player),
  fans: manyToMany(() => Fan),
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

class League extends Model('leagues', { id: f.id(), name: f.string(), teams: hasMany(() => Team), deletedAt: f.deletedAt() }) {}
class Fan extends Model('fans', {
  id: f.id(),
  name: f.string(),
  teams: manyToMany(() => Team, { inverse: 'fans' }),
  deletedAt: f.deletedAt(),
}) {}

class Room extends Model('rooms', {
  id: f.id(),
  name: f.string(),
  parent: belongsTo(() => Room).nullable(),
  rooms: hasMany(() => Room),
  deletedAt: f.deletedAt(),
}) {}

const models = [Team, Player, Sponsor, Deal, League, Fan, Room] as const

onEachEngine('softly deleted rows of relations', (open) => {
  it('neither match nor count, in junctions too (trap 28)', async () => {
    await using space = await open(models)
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

  it('are no row that a to-one relation leads to, whichever way it is asked for (trap 28)', async () => {
    await using space = await open(models)
    void space
    const league = await League.create({ name: 'First' })
    const team = await Team.create({ name: 'Reds', leagueId: league.id })
    await Player.create({ name: 'Ann', goals: 5, teamId: team.id })
    const asked = async (): Promise<readonly unknown[]> => [
      await Team.where('league.name', 'First').count(),
      await Team.where('league.name', 'is null', true).count(),
      await Player.where('team.league.name', 'First').count(),
      await Player.where((c) => c.team.league.name.isNotNull()).exists(),
      await Team.query().select((c) => ({ league: c.league.name })),
      (
        await Team.query()
          .annotate((c) => ({ called: c.league.name }))
          .orderBy('league.name')
      ).map(({ called }) => called),
      JSON.parse(
        String(
          await Team.query()
            .select((c) => ({ league: c.league.name }))
            .json(),
        ),
      ),
      (await Team.query().with('league')).map((each) => each.league?.name ?? null),
      await Team.query().withDeleted().where('league.name', 'First').count(),
      await Team.where('league.id', league.id).count(),
      await Team.where((c) => c.league.id.eq(league.id)).count(),
      await Team.where('league.id', 'is null', true).count(),
      await Team.where('league.id', 'in', [league.id]).count(),
      await Team.query()
        .withDeleted()
        .where({ 'league.id': league.id } as never)
        .count(),
      await Team.query().select((c) => ({ league: c.league.id })),
      await Team.where('leagueId', league.id).count(),
      await Player.where('team.id', team.id).count(),
    ]
    const id = { league: league.id }
    expect(await asked()).toEqual([
      1,
      0,
      1,
      true,
      [{ league: 'First' }],
      ['First'],
      [{ league: 'First' }],
      ['First'],
      1,
      1,
      1,
      0,
      1,
      1,
      [id],
      1,
      1,
    ])
    await league.delete()
    expect(await asked()).toEqual([
      0,
      1,
      0,
      false,
      [{ league: null }],
      [null],
      [{ league: null }],
      [null],
      0,
      0,
      0,
      1,
      0,
      0,
      [{ league: null }],
      1,
      1,
    ])
    expect(
      await Team.where((c) =>
        exists(
          League.query()
            .withDeleted()
            .where((l) => l.id.eq(c.leagueId)),
        ),
      ).count(),
    ).toBe(1)
    await league.restore()
    expect(await Team.where('league.name', 'First').update({ name: 'Blues' })).toBe(1)
    await league.delete()
    expect(await Team.where('league.name', 'First').update({ name: 'Greens' })).toBe(0)
  })

  it('need no join for the key of a row that cannot be deleted softly', async () => {
    await using space = await open(models)
    space.clear()
    await Player.where('team.id', 1).count()
    await Team.where('league.id', 1).count()
    expect(space.statements.map((text) => text.includes(' join '))).toEqual([false, true])
  })

  it('end the walk of recursive(), and are a part of it under unscoped()', async () => {
    await using space = await open(models)
    void space
    const top = await Room.create({ name: 'top' })
    const gone = await Room.create({ name: 'gone', parentId: top.id })
    await Room.create({ name: 'deep', parentId: gone.id })
    await gone.delete()
    const tree = Room.query()
      .recursive({ from: (q) => q.where('name', 'top'), via: 'rooms' })
      .orderBy('id')
    expect((await tree).map(({ name }) => name)).toEqual(['top'])
    expect((await tree.unscoped()).map(({ name }) => name)).toEqual(['top', 'gone', 'deep'])
  })

  it('are not aggregated beyond a junction', async () => {
    await using space = await open(models)
    void space
    const league = await League.create({ name: 'First' })
    const team = await Team.create({ name: 'Reds', leagueId: league.id })
    const [ann, bob] = await Fan.createMany([{ name: 'Ann' }, { name: 'Bob' }])
    const sponsor = await Sponsor.create({ name: 'Acme' })
    await Deal.create({ teamId: team.id, sponsorId: sponsor.id })
    await team.related('fans').add(ann!, bob!)
    await ann!.delete()
    const [row] = await League.query().annotate((c) => ({
      fans: c.teams.fans.count(),
      last: c.teams.fans.name.max(),
      sponsors: c.teams.sponsors.count(),
      leagues: c.teams.fans.teams.league.name.max(),
    }))
    expect(row).toMatchObject({ fans: 1, last: 'Bob', sponsors: 1, leagues: 'First' })
  })
})
