import { belongsTo, f, manyToMany, Model } from '../../src/index.ts'

/** Models whose keys may change, and change those that refer to them. */
export class Country extends Model(
  'countries',
  { code: f.string({ max: 2 }), name: f.string(), badges: manyToMany(() => Badge) },
  { primary: ['code'] },
) {}

export class City extends Model(
  'cities',
  {
    countryCode: f.string({ max: 2 }),
    number: f.int(),
    country: belongsTo(() => Country, { fk: { countryCode: 'code' }, onUpdate: 'cascade' }),
  },
  { primary: ['countryCode', 'number'] },
) {}

export class Street extends Model('streets', {
  id: f.id(),
  name: f.string(),
  countryCode: f.string({ max: 2 }),
  cityNumber: f.int(),
  city: belongsTo(() => City, { fk: { countryCode: 'countryCode', cityNumber: 'number' }, onUpdate: 'cascade' }),
}) {}

export class Badge extends Model('badges', {
  id: f.id(),
  text: f.string(),
  countries: manyToMany(() => Country, { inverse: 'badges' }),
}) {}

export const countries = [Country, City, Street, Badge] as const
