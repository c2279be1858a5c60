import { errors as dbErrors } from '@covet/db'
import { expect, it } from '@jest/globals'
import { belongsTo, errors, f, hasMany, hasOne, manyToMany, Model } from '../src/index.ts'
import { fillModels, Group, Invoice, Line, Membership, models, Post, Profile, Reaction, Tag, User } from './loading/models.ts'
import { onEachEngineAndFile } from './support/engines.ts'

/** A junction whose pairs nothing keeps apart (trap 30). */
class Reader extends Model('readers', { id: f.id(), name: f.string(), papers: manyToMany(() => Paper, { through: () => Reading }) }) {}
class Paper extends Model('papers', { id: f.id(), name: f.string() }) {}
class Reading extends Model('readings', {
  id: f.id(),
  note: f.string().default('-'),
  reader: belongsTo(() => Reader),
  paper: belongsTo(() => Paper),
}) {}

/** A junction whose rows are softly deleted. */
class Player extends Model('players', { id: f.id(), name: f.string(), clubs: manyToMany(() => Club, { through: () => Contract }) }) {}
class Club extends Model('clubs', { id: f.id(), name: f.string() }) {}
class Contract extends Model('contracts', {
  id: f.id(),
  player: belongsTo(() => Player),
  club: belongsTo(() => Club),
  deletedAt: f.deletedAt(),
}) {}

/** One whose rows are told by the pair itself, deleted or not. */
class Fan extends Model('fans', { id: f.id(), name: f.string(), bands: manyToMany(() => Band, { through: () => Crush }) }) {}
class Band extends Model('bands', { id: f.id(), name: f.string() }) {}
class Crush extends Model(
  'crushes',
  {
    strength: f.int().default(1),
    fan: belongsTo(() => Fan),
    band: belongsTo(() => Band),
    updatedAt: f.updatedAt(),
    deletedAt: f.deletedAt(),
    version: f.version(),
  },
  { primary: ['fanId', 'bandId'] },
) {}

/** Rows that count their versions. */
class Owner extends Model('owners', { id: f.id(), name: f.string(), pets: hasMany(() => Pet), chip: hasOne(() => Chip) }) {}
class Pet extends Model('pets', {
  id: f.id(),
  name: f.string(),
  owner: belongsTo(() => Owner).nullable(),
  updatedAt: f.updatedAt(),
  version: f.version(),
}) {}
class Chip extends Model('chips', { id: f.id(), text: f.string(), owner: belongsTo(() => Owner).nullable(), version: f.version() }) {}
const kennel = [Owner, Pet, Chip] as const

onEachEngineAndFile('related()', (open, dialect) => {
  it('is a query of the rows that belong to one row', async () => {
    await using _ = await open(models)
    const { ann, bob, cy } = await fillModels()
    expect((await ann.related('posts').where('views', '>', 4).orderBy('views')).map(({ views }) => views)).toEqual([5, 9])
    expect(await bob.related('posts').count()).toBe(5)
    expect(await cy.related('posts').exists()).toBe(false)
    expect((await ann.related('profile').first())?.bio).toBe('of Ann')
    const [post] = await ann.related('posts').orderBy('id').with('author')
    expect(post?.author.name).toBe('Ann')
    expect((await post!.related('author').get()).id).toBe(ann.id)
    expect(await post!.related('team').first()).toBeNull()
    expect(await ann.related('posts').update({ views: 0 })).toBe(3)
    expect(await Post.where('views', 0).count()).toBe(3)
    expect(await ann.related('posts').where('title', 'Ann 0').select('title')).toEqual([{ title: 'Ann 0' }])
  })

  it('reads and changes rows beyond a junction', async () => {
    await using _ = await open(models)
    const { ann, bob } = await fillModels()
    const [red, blue, green] = (await Tag.createMany(['red', 'blue', 'green'].map((name) => ({ name })))) as [Tag, Tag, Tag]
    await ann.related('tags').add(red, blue.id)
    await ann.related('tags').add(red)
    await bob.related('tags').add(green)
    const names = async (user: User): Promise<string[]> => (await user.related('tags').orderBy('name')).map(({ name }) => name)
    expect(await names(ann)).toEqual(['blue', 'red'])
    expect(await ann.related('tags').count()).toBe(2)
    await ann.related('tags').remove(blue, green)
    expect(await names(ann)).toEqual(['red'])
    expect(await names(bob)).toEqual(['green'])
    await ann.related('tags').set([green, blue.id, green])
    expect(await names(ann)).toEqual(['blue', 'green'])
    await ann.related('tags').set([])
    expect(await names(ann)).toEqual([])
    const made = await ann.related('tags').create({ name: 'made' })
    expect(made).toBeInstanceOf(Tag)
    expect((await made.related('users')).map(({ id }) => id)).toEqual([ann.id])
    expect(await bob.related('tags').where('name', 'green').delete()).toBe(1)
    expect(await Tag.where('name', 'green').count()).toBe(0)
  })

  it('hides a pair that is there and nothing else (Q11)', async () => {
    await using _ = await open(models)
    const { ann } = await fillModels()
    await expect(ann.related('tags').add(12_345)).rejects.toThrow(dbErrors.ForeignKeyViolation)
    await expect(ann.related('groups').add(12_345)).rejects.toThrow(dbErrors.ForeignKeyViolation)
    expect(await ann.related('tags').count()).toBe(0)
  })

  it('changes only what differs (Q11)', async () => {
    await using at = await open(models)
    const { ann } = await fillModels()
    const [one, two, three] = (await Tag.createMany(['1', '2', '3'].map((name) => ({ name })))) as [Tag, Tag, Tag]
    await ann.related('tags').add(one, two)
    at.clear()
    await ann.related('tags').set([two, one])
    expect(at.statements.filter((text) => /^(insert|delete)/.test(text))).toEqual([])
    await ann.related('tags').set([two, three])
    expect(at.statements.filter((text) => /^(insert|delete)/.test(text)).map((text) => text.slice(0, 6))).toEqual(['delete', 'insert'])
  })

  it('tells many pairs of a junction that is no model in a few statements, whose texts serve every row', async () => {
    await using at = await open(models)
    const { ann, bob } = await fillModels()
    const tags = await Tag.createMany(Array.from({ length: 70 }, (_, index) => ({ name: `tag ${index}` })))
    const texts = async (user: User): Promise<string[]> => {
      at.clear()
      await user.related('tags').add(...tags.slice(0, 3))
      await user.related('tags').add(...tags)
      await user.related('tags').remove(...tags.slice(0, 2))
      await user.related('tags').remove(...tags.slice(4))
      return at.statements.filter((text) => /^(insert|delete)/.test(text))
    }
    const own = await texts(ann)
    expect(own).toHaveLength(4)
    expect(await texts(bob)).toEqual(own)
    expect((await bob.related('tags').orderBy('id')).map(({ name }) => name)).toEqual(['tag 2', 'tag 3'])
    await ann.related('tags').set(tags.slice(3))
    expect(await ann.related('tags').count()).toBe(67)
  })

  it('ends as some serial order of parallel adds and sets would, without an error (ORM-13)', async () => {
    await using at = await open(models)
    const { ann } = await fillModels()
    const [first, second] = (await Group.createMany([{ name: 'g1' }, { name: 'g2' }])) as [Group, Group]
    const [red, blue] = (await Tag.createMany([{ name: 'red' }, { name: 'blue' }])) as [Tag, Tag]
    const racing = Array.from({ length: 20 }, () => [
      ann.related('groups').add(first),
      ann.related('groups').set([second]),
      ann.related('tags').add(red),
      ann.related('tags').set([blue]),
    ])
    await Promise.all(racing.flat())

    const groups = (await Membership.where('userId', ann.id)).map(({ groupId }) => groupId).toSorted((left, right) => left - right)
    expect([[second.id], [first.id, second.id]]).toContainEqual(groups)
    const tags = await at.db.sql<{ tag_id: number }>`select tag_id from users_tags where user_id = ${ann.id} order by tag_id`
    expect([[blue.id], [red.id, blue.id]]).toContainEqual(tags.map(({ tag_id }) => Number(tag_id)))
  })

  it('fills the further columns of a junction that is a model, and leaves those that are there (trap 30)', async () => {
    await using _ = await open(models)
    const { ann, bob } = await fillModels()
    const staff = await Group.create({ name: 'staff' })
    await ann.related('groups').add(staff, { role: 'admin' })
    await ann.related('groups').add(staff, { role: 'guest' })
    await ann.related('groups').add(staff)
    const made = await bob.related('groups').create({ name: 'own' }, { role: 'owner' })
    expect((await Membership.query().orderBy('id')).map(({ userId, groupId, role }) => [userId, groupId, role])).toEqual([
      [ann.id, staff.id, 'admin'],
      [bob.id, made.id, 'owner'],
    ])
    await ann.related('groups').remove(staff)
    expect(await Membership.where('userId', ann.id).count()).toBe(0)
  })

  it('relates a pair once where no key keeps pairs apart, also in a race (trap 30)', async () => {
    await using _ = await open([Reader, Paper, Reading])
    const reader = await Reader.create({ name: 'r' })
    const [one, two] = (await Paper.createMany([{ name: 'one' }, { name: 'two' }])) as [Paper, Paper]
    await Promise.all(Array.from({ length: 10 }, () => reader.related('papers').add(one, two)))
    expect(await Reading.query().count()).toBe(2)
    await reader.related('papers').set([two.id])
    expect((await reader.load('papers')).papers.map(({ name, pivot }) => [name, pivot.note])).toEqual([['two', '-']])
  })

  it('leaves softly deleted rows of a junction out, everywhere (trap 28)', async () => {
    await using _ = await open([Player, Club, Contract])
    const player = await Player.create({ name: 'p' })
    const [home, away] = (await Club.createMany([{ name: 'home' }, { name: 'away' }])) as [Club, Club]
    await player.related('clubs').add(home, away)
    await player.related('clubs').remove(home)
    expect(await Contract.query().withDeleted().count()).toBe(2)
    expect((await player.related('clubs')).map(({ name }) => name)).toEqual(['away'])
    expect((await Player.with('clubs')).map(({ clubs }) => clubs.map(({ name }) => name))).toEqual([['away']])
  })

  it('relates a pair anew whose row was softly deleted and is told by the pair itself (trap 28)', async () => {
    await using _ = await open([Fan, Band, Crush])
    const fan = await Fan.create({ name: 'f' })
    const [one, two, three] = (await Band.createMany(['1', '2', '3'].map((name) => ({ name })))) as [Band, Band, Band]
    const bands = fan.related('bands')
    await bands.add(one, { strength: 5 })
    await bands.add(two, three)
    await bands.remove(one, two)
    expect((await bands).map(({ name }) => name)).toEqual(['3'])
    const kept = await Crush.findOrFail({ fanId: fan.id, bandId: three.id })

    await bands.add(one, { strength: 7 })
    await Promise.all([bands.add(two, three, one), bands.add(three, two)])
    expect((await bands.orderBy('name')).map(({ name }) => name)).toEqual(['1', '2', '3'])
    expect((await Crush.query().orderBy('bandId')).map(({ strength, version }) => [strength, version])).toEqual([
      [7, 3],
      [1, 3],
      [1, 1],
    ])
    expect((await Crush.findOrFail({ fanId: fan.id, bandId: three.id })).toJSON()).toEqual(kept.toJSON())
    await bands.set([])
    await bands.set([two])
    expect((await bands).map(({ name }) => name)).toEqual(['2'])
    expect(await Crush.query().withDeleted().count()).toBe(3)
  })

  it('leaves the instances it relates as their rows are, so that they can be saved (Q11)', async () => {
    await using _ = await open(kennel)
    const [ann, bob] = (await Owner.createMany([{ name: 'ann' }, { name: 'bob' }])) as [Owner, Owner]
    const [rex, tom] = (await Pet.createMany([{ name: 'rex' }, { name: 'tom' }])) as [Pet, Pet]
    const asStored = async (pet: Pet): Promise<void> => {
      expect(pet.toJSON()).toEqual((await Pet.findOrFail(pet.id)).toJSON())
      pet.name += '!'
      await pet.save()
      expect(pet.toJSON()).toEqual((await Pet.findOrFail(pet.id)).toJSON())
    }
    await ann.related('pets').add(rex, rex)
    expect([rex.ownerId, rex.version]).toEqual([ann.id, 2])
    await asStored(rex)
    await ann.related('pets').remove(rex)
    expect([rex.ownerId, rex.version]).toEqual([null, 4])
    await asStored(rex)
    await bob.related('pets').set([rex, tom])
    await asStored(rex)
    await asStored(tom)
    const chip = await Chip.create({ text: 'c' })
    await ann.related('chip').set(chip)
    chip.text = 'd'
    await chip.save()
    expect((await Chip.findOrFail(chip.id)).toJSON()).toEqual({ id: chip.id, text: 'd', ownerId: ann.id, version: 3 })
  })

  it('keeps an instance stale whose row somebody else wrote before it was related (Q11)', async () => {
    await using _ = await open(kennel)
    const ann = await Owner.create({ name: 'ann' })
    const rex = await Pet.create({ name: 'rex' })
    const other = await Pet.findOrFail(rex.id)
    other.name = 'max'
    await other.save()
    await ann.related('pets').add(rex)
    rex.name = 'tim'
    await expect(rex.save()).rejects.toThrow(errors.StaleObject)
    expect((await Pet.findOrFail(rex.id)).name).toBe('max')
  })

  it('tells nothing to instances whose rows it did not change (Q11)', async () => {
    await using _ = await open(kennel)
    const [ann, bob] = (await Owner.createMany([{ name: 'ann' }, { name: 'bob' }])) as [Owner, Owner]
    const [hers, his, nobodys, gone] = (await Pet.createMany([
      { name: 'hers', ownerId: ann.id },
      { name: 'his', ownerId: bob.id },
      { name: 'nobodys' },
      { name: 'gone' },
    ])) as [Pet, Pet, Pet, Pet]
    await Pet.where('id', gone.id).delete()
    await ann.related('pets').remove(hers, his, nobodys)
    expect([hers, his, nobodys].map(({ ownerId, version }) => [ownerId, version])).toEqual([
      [null, 2],
      [bob.id, 1],
      [null, 1],
    ])
    for (const pet of [hers, his, nobodys]) expect(pet.toJSON()).toEqual((await Pet.findOrFail(pet.id)).toJSON())
    his.name = 'still his'
    await his.save()
    expect((await Pet.findOrFail(his.id)).ownerId).toBe(bob.id)

    await expect(ann.related('pets').add(gone, nobodys)).rejects.toThrow(dbErrors.ForeignKeyViolation)
    for (const pet of [gone, nobodys]) expect([pet.ownerId, pet.version]).toEqual([null, 1])
    await ann.related('pets').add(nobodys)
    expect([nobodys.ownerId, nobodys.version]).toEqual([ann.id, 2])
    // What it was told is not what its row says any more.
    const late = await Pet.findOrFail(nobodys.id)
    await bob.related('pets').add(nobodys.id)
    await ann.related('pets').remove(late)
    expect([late.ownerId, late.version]).toEqual([ann.id, 2])
  })

  it('relates each pair once, however many add them at the same time (ORM-13)', async () => {
    await using _ = await open(models)
    const { ann } = await fillModels()
    const tags = await Tag.createMany(Array.from({ length: 400 }, (_, n) => ({ name: `${n}` })))
    const groups = await Group.createMany(tags.map(({ name }) => ({ name })))
    for (let round = 0; round < 5; round += 1) {
      const both = <T>(all: readonly T[]): readonly (readonly T[])[] => [all, all.toReversed(), [...all, ...all], all.toReversed()]
      await Promise.all(both(tags).map((each) => ann.related('tags').add(...each)))
      await Promise.all(both(groups).map((each) => ann.related('groups').add(...each)))
      expect([await ann.related('tags').count(), await ann.related('groups').count()]).toEqual([400, 400])
      await ann.related('tags').set([])
      await ann.related('groups').set([])
    }
  })

  it('creates, adds and releases the rows of a hasMany', async () => {
    await using _ = await open(models)
    const { ann, bob } = await fillModels()
    const post = await ann.related('posts').create({ title: 'made' })
    expect(post.authorId).toBe(ann.id)
    const [first] = await ann.related('posts').createMany([{ title: 'many' }, { title: 'more' }])
    expect(first).toBeInstanceOf(Post)
    expect(await ann.related('posts').count()).toBe(6)
    await bob.related('posts').add(post, first!.id)
    expect(post.authorId).toBe(bob.id)
    expect(await ann.related('posts').count()).toBe(4)
    await expect(bob.related('posts').remove(post)).rejects.toThrow(dbErrors.NotNullViolation)

    const [said] = await Post.where('authorId', bob.id).orderBy('id')
    const [comment] = await said!.related('comments')
    await said!.related('comments').remove(comment!)
    expect(comment?.postId).toBeNull()
    expect(await said!.related('comments').count()).toBe(0)
    await post.related('comments').set([comment!.id])
    expect(await post.related('comments').count()).toBe(1)
    await post.related('comments').set([])
    expect(await post.related('comments').count()).toBe(0)
  })

  it('creates rows on the other side of a polymorphic relation', async () => {
    await using _ = await open(models)
    const { ann } = await fillModels()
    const [post] = await ann.related('posts').orderBy('id')
    const reaction = await post!.related('reactions').create({ kind: 'up' })
    expect([reaction.subjectType, reaction.subjectId]).toEqual(['post', post!.id])
    const other = await Reaction.create({ kind: 'down', subjectType: 'comment', subjectId: post!.id })
    expect((await post!.related('reactions')).map(({ kind }) => kind)).toEqual(['up'])
    expect(() => (other as unknown as { related(name: string): unknown }).related('subject')).toThrow(errors.InvalidQueryError)
  })

  it('sets the row of a hasOne and of a belongsTo', async () => {
    await using _ = await open(models)
    const { ann, bob } = await fillModels()
    const before = await ann.related('profile').get()
    const next = await Profile.create({ bio: 'next', userId: null })
    await ann.related('profile').set(next)
    expect(next.userId).toBe(ann.id)
    expect((await Profile.findOrFail(before.id)).userId).toBeNull()
    await ann.related('profile').set(null)
    expect(await ann.related('profile').first()).toBeNull()
    expect((await bob.related('profile').create({ bio: 'of Bob' })).userId).toBe(bob.id)

    const [post] = await Post.where('authorId', ann.id).with('author').limit(1)
    await post!.related('author').set(bob)
    expect(post!.author).toBe(bob)
    expect((await Post.findOrFail(post!.id)).authorId).toBe(bob.id)
    await post!.related('editor').set(null)
    expect((await Post.findOrFail(post!.id)).editorId).toBeNull()
    await post!.related('editor').set(ann.id)
    expect((await post!.load('editor')).editor?.name).toBe('Ann')
  })

  it('takes composite keys on both sides (Q19)', async () => {
    await using _ = await open(models)
    const [one, two] = (await Invoice.createMany([
      { tenantId: 1, id: 1, label: 'a' },
      { tenantId: 1, id: 2, label: 'b' },
    ])) as [Invoice, Invoice]
    const line = await one.related('lines').create({ amount: '1.00' })
    expect([line.tenantId, line.invoiceId]).toEqual([1, 1])
    await two.related('lines').add(line)
    expect([await one.related('lines').count(), await two.related('lines').count()]).toEqual([0, 1])
    await line.related('invoice').set({ tenantId: 1, id: 1 })
    expect((await Line.findOrFail(line.id)).invoiceId).toBe(1)
    const [red, blue] = (await Tag.createMany([{ name: 'red' }, { name: 'blue' }])) as [Tag, Tag]
    await two.related('labels').set([red, blue])
    await two.related('labels').remove(blue)
    expect((await two.related('labels')).map(({ name }) => name)).toEqual(['red'])
  })

  it('forgets what was loaded before it changed it', async () => {
    await using _ = await open(models)
    const { ann } = await fillModels()
    const user = await ann.load('tags', 'posts')
    expect(user.tags).toEqual([])
    await user.related('tags').add(await Tag.create({ name: 'red' }))
    expect(() => user.tags).toThrow(errors.RelationNotLoaded)
    await user.related('posts').create({ title: 'more' })
    expect(() => user.posts).toThrow(errors.RelationNotLoaded)
    expect((await user.load('tags')).tags).toHaveLength(1)
  })

  it('undoes the row of a junction with the row it was created for', async () => {
    await using at = await open(models)
    const { ann } = await fillModels()
    const failing = at.db.transaction(async () => {
      await ann.related('tags').create({ name: 'lost' })
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect([await Tag.query().count(), await ann.related('tags').count()]).toEqual([0, 0])
  })

  it('refuses what names no row', async () => {
    await using at = await open(models)
    const { ann } = await fillModels()
    at.clear()
    const tags = ann.related('tags') as unknown as { add(...targets: unknown[]): Promise<void>; set(targets: unknown[]): Promise<void> }
    await expect(tags.add(undefined)).rejects.toThrow(errors.UndefinedValueError)
    await expect(tags.add(null)).rejects.toThrow(errors.InvalidValueError)
    await expect(tags.add(ann, 'x')).rejects.toThrow(errors.InvalidValueError)
    await expect(tags.set([{ id: { $gt: 0 } }])).rejects.toThrow(errors.InvalidValueError)
    await expect(new User().related('tags').add(1)).rejects.toThrow(/Save it first/)
    await tags.add()
    expect(at.statements).toEqual([])
    expect(await new User().related('posts')).toEqual([])
    expect(() => (ann as unknown as { related(name: string): unknown }).related('nothing')).toThrow(errors.UnknownRelationError)
    expect(dialect).toBeDefined()
  })
})
