import { belongsTo, f, hasMany, manyToMany, Model } from '../../src/index.ts'

/** Not in the order of their letters. */
export const moods = ['sad', 'ok', "it's"] as const
export const levels = ['new', 'good', 'best'] as const

/** A key of an enum type whose name needs quotes and has them, a tree by it, and a junction between it and another one. */
export class Level extends Model('levels', {
  code: f.enum(levels, { native: 'public."Skill ""level"""' }).primary(),
  label: f.string({ max: 20 }),
  above: belongsTo(() => Level, { fk: 'aboveCode' }).nullable(),
  below: hasMany(() => Level, { inverse: 'above' }),
  people: hasMany(() => Person),
  badges: manyToMany(() => Badge),
}) {}

/** A key whose type is called by a word of SQL. */
export class Badge extends Model('badges', {
  name: f.enum(['silver', 'gold'], { native: 'order' }).primary(),
  levels: manyToMany(() => Level, { inverse: 'badges' }),
}) {}

export class Person extends Model(
  'people',
  {
    id: f.id(),
    name: f.string({ max: 20 }),
    mood: f.enum(moods, { native: 'mood' }).default('ok').index(),
    before: f.enum(moods, { native: 'mood' }).nullable(),
    weather: f.enum(['ok', 'storm'], { native: 'Weather' }).nullable(),
    seat: f.enum(['left', 'right'], { native: 'seat' }).nullable().unique(),
    level: belongsTo(() => Level, { fk: 'levelCode' }),
  },
  { unique: [['name', 'mood']] },
) {}

/** An enum in a composite key, and in a foreign key to it. */
export class Rating extends Model(
  'ratings',
  { year: f.int(), mood: f.enum(moods, { native: 'mood' }), stars: f.int(), notes: hasMany(() => Note) },
  { primary: ['year', 'mood'] },
) {}
export class Note extends Model('notes', {
  id: f.id(),
  text: f.string({ max: 20 }),
  rating: belongsTo(() => Rating, { fk: { year: 'year', mood: 'mood' } }),
}) {}

export const models = [Level, Badge, Person, Rating, Note] as const

/** Three levels in a row, and Ann, Bob and Cid, of whom Ann and Cid are of the level `good`. */
export async function fillMoods(): Promise<{ ann: Person; bob: Person; cid: Person }> {
  await Level.create({ code: 'best', label: 'Best' })
  await Level.createMany([{ code: 'good', label: 'Good', aboveCode: 'best' }])
  await Level.create({ code: 'new', label: 'New', aboveCode: 'good' })
  const [ann, bob, cid] = (await Person.createMany([
    { name: 'Ann', mood: 'sad', before: 'ok', weather: 'ok', levelCode: 'good' },
    { name: 'Bob', mood: "it's", before: "it's", levelCode: 'new' },
    { name: 'Cid', levelCode: 'good', weather: 'ok', seat: 'left' },
  ])) as [Person, Person, Person]
  return { ann, bob, cid }
}
