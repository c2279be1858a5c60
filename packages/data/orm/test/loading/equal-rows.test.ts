import { describe, expect, it } from '@jest/globals'
import { bind } from '../../src/binding.ts'
import { compositeIdentity, identityOf, identityParts } from '../../src/codecs/identity.ts'
import { belongsTo, f, hasMany, manyToMany, Model } from '../../src/index.ts'
import { type OpenDatabase, onEachEngine } from '../support/engines.ts'

class Reading extends Model(
  'er_readings',
  { sensorId: f.int(), at: f.datetime(), level: f.int(), remarks: hasMany(() => Remark) },
  { primary: ['sensorId', 'at'] },
) {}

class Remark extends Model('er_remarks', {
  id: f.id(),
  sensorId: f.int(),
  readAt: f.datetime(),
  reading: belongsTo(() => Reading, { fk: { sensorId: 'sensorId', readAt: 'at' } }),
  report: belongsTo(() => Report),
}) {}

class Report extends Model('er_reports', {
  id: f.id(),
  readings: manyToMany(() => Reading),
  remarks: hasMany(() => Remark),
  moments: manyToMany(() => Moment),
}) {}

/** One column, which a driver may give as an object. */
class Moment extends Model('er_moments', { at: f.datetime(), name: f.string() }, { primary: ['at'] }) {}

class Visit extends Model('er_visits', { id: f.id(), moment: belongsTo(() => Moment) }) {}

class Piece extends Model('er_pieces', { area: f.int(), hash: f.bytes(), size: f.int() }, { primary: ['area', 'hash'] }) {}

class Picture extends Model('er_pictures', { hash: f.bytes(), size: f.int() }, { primary: ['hash'] }) {}

class Album extends Model('er_albums', {
  id: f.id(),
  pieces: manyToMany(() => Piece),
  pictures: manyToMany(() => Picture),
}) {}

class Print extends Model('er_prints', { id: f.id(), picture: belongsTo(() => Picture) }) {}

const models = [Reading, Remark, Report, Moment, Visit]
const times = [1, 2, 3].map((ms) => new Date(`2024-05-01T12:00:00.00${ms}Z`))
const hashes = [0x80, 0x81, 0x82].map((byte) => Uint8Array.of(byte))

/** Made here, because a key of MariaDB has a length, which `f.bytes()` has not. @returns how to unbind them */
async function withBytes({ db }: OpenDatabase): Promise<Disposable> {
  const bytes = { sqlite: 'blob', postgres: 'bytea', mysql: 'varbinary(32)' }[db.dialect]!
  const id = { sqlite: 'integer primary key', postgres: 'serial primary key', mysql: 'int auto_increment primary key' }[db.dialect]!
  await db.script(`
    create table er_pieces (area int not null, hash ${bytes} not null, size int not null, primary key (area, hash));
    create table er_pictures (hash ${bytes} not null primary key, size int not null);
    create table er_albums (id ${id});
    create table er_prints (id ${id}, picture_id ${bytes} not null);
    create table er_albums_pieces (album_id int not null, piece_area int not null, piece_hash ${bytes} not null);
    create table er_albums_pictures (album_id int not null, picture_hash ${bytes} not null);`)
  const unbind = bind([Piece, Picture, Album, Print], db)
  return { [Symbol.dispose]: unbind }
}

onEachEngine('rows told apart by their keys', (open) => {
  it('are others where their times differ by a millisecond, to one and to many', async () => {
    await using space = await open(models)
    void space
    await Reading.createMany(times.map((at, level) => ({ sensorId: 1, at, level })))
    const report = await Report.create({})
    await Remark.createMany(times.map((readAt) => ({ sensorId: 1, readAt, reportId: report.id })))
    const remarks = await Remark.with('reading').orderBy('readAt')
    expect(remarks.map(({ reading }) => reading.level)).toEqual([0, 1, 2])
    await report.related('readings').add(...times.map((at) => ({ sensorId: 1, at })))
    for (const query of [Report.with('readings'), Report.with('readings').eager('json')]) {
      const [found] = await query
      expect(found?.readings.map(({ level }) => level).sort()).toEqual([0, 1, 2])
    }
    const [below] = await Report.with('remarks.reading').eager('json')
    expect(below?.remarks.map(({ reading }) => reading.level).sort()).toEqual([0, 1, 2])
  })

  it('are one instance where one time is their key (Q15)', async () => {
    await using space = await open(models)
    void space
    await Moment.createMany(times.map((at, index) => ({ at, name: `m${index}` })))
    await Visit.createMany([times[0], times[1], times[0]].map((momentId) => ({ momentId: momentId! })))
    const [first, second, third] = await Visit.with('moment').orderBy('id')
    expect([first, second, third].map((visit) => visit?.moment.name)).toEqual(['m0', 'm1', 'm0'])
    expect(third?.moment).toBe(first?.moment)
    const reports = await Report.createMany([{}, {}])
    for (const report of reports) await report.related('moments').add(times[0]!, times[2]!)
    for (const query of [Report.with('moments'), Report.with('moments').eager('json')]) {
      const [one, other] = await query.orderBy('id')
      const named = (report: typeof one, name: string): unknown => report?.moments.find((moment) => moment.name === name)
      expect(one?.moments.map(({ name }) => name).sort()).toEqual(['m0', 'm2'])
      expect(named(other, 'm0')).toBe(named(one, 'm0'))
      expect(named(other, 'm2')).toBe(named(one, 'm2'))
    }
  })

  it('are others where their bytes are no text, and one instance where they are the same (Q15)', async () => {
    await using space = await open()
    using bound = await withBytes(space)
    void bound
    await Piece.createMany(hashes.map((hash, size) => ({ area: 1, hash, size })))
    await Picture.createMany(hashes.map((hash, size) => ({ hash, size })))
    const albums = await Album.createMany([{}, {}])
    for (const album of albums) {
      await album.related('pieces').add(...hashes.map((hash) => ({ area: 1, hash })))
      await album.related('pictures').add(hashes[0]!, hashes[2]!)
    }
    const plain = Album.with('pieces').with('pictures')
    for (const query of [plain, plain.eager('json')]) {
      const [one, other] = await query.orderBy('id')
      for (const album of [one, other]) {
        expect(album?.pieces.map(({ size }) => size).sort()).toEqual([0, 1, 2])
        expect(album?.pictures.map(({ size }) => size).sort()).toEqual([0, 2])
      }
      for (const size of [0, 2]) {
        const picture = one?.pictures.find((each) => each.size === size)
        expect(other?.pictures.find((each) => each.size === size)).toBe(picture)
      }
    }
    await Print.createMany([0, 1, 0].map((index) => ({ pictureId: hashes[index]! })))
    const [first, second, third] = await Print.with('picture').orderBy('id')
    expect([first, second, third].map((print) => print?.picture.size)).toEqual([0, 1, 0])
    expect(third?.picture).toBe(first?.picture)
    await space.db.script('drop table er_pieces; drop table er_pictures; drop table er_albums; drop table er_prints')
    await space.db.script('drop table er_albums_pieces; drop table er_albums_pictures')
  })
})

describe('the identity of a value', () => {
  it('is the value itself, or what a date or bytes hold', () => {
    const at = new Date(5)
    expect([1, 1n, 'a', true].map(identityOf)).toEqual([1, 1n, 'a', true])
    expect(identityOf(at)).toBe(identityOf(new Date(5)))
    expect(identityOf(Buffer.of(0x80))).toBe(identityOf(Uint8Array.of(0x80)))
    expect(identityOf(Buffer.of(0x80))).not.toBe(identityOf(Buffer.of(0x81)))
    expect([null, undefined].map(identityOf)).toEqual([undefined, undefined])
  })

  it('is told apart part by part, whatever stands in the texts', () => {
    expect(compositeIdentity(['a\0', 'b'])).not.toBe(compositeIdentity(['a', '\0b']))
    expect(compositeIdentity(['1:a', ''])).not.toBe(compositeIdentity(['', '1:a']))
    expect(compositeIdentity([1, null])).toBeUndefined()
    for (const parts of [
      ['a', '', '12:b'],
      ['1', '2'],
      ['😀', '\0'],
    ])
      expect(identityParts(compositeIdentity(parts)!)).toEqual(parts)
  })
})
