import { expect, it } from '@jest/globals'
import { bind } from '../../src/binding.ts'
import { belongsTo, f, hasMany, keyLoader, Model } from '../../src/index.ts'
import { type OpenDatabase, onEachEngine } from '../support/engines.ts'

class Chunk extends Model(
  'byte_chunks',
  { area: f.int(), hash: f.bytes(), size: f.int(), parts: hasMany(() => Part) },
  { primary: ['area', 'hash'] },
) {}

class Part extends Model('byte_parts', {
  id: f.id(),
  name: f.text(),
  chunkArea: f.int(),
  chunkHash: f.bytes(),
  chunk: belongsTo(() => Chunk, { fk: { chunkArea: 'area', chunkHash: 'hash' } }),
}) {}

class Blob extends Model('byte_blobs', { hash: f.bytes(), size: f.int(), uses: hasMany(() => Use) }, { primary: ['hash'] }) {}

class Use extends Model('byte_uses', { id: f.id(), blob: belongsTo(() => Blob) }) {}

/** Made here, because a key of MariaDB has a length, which `f.bytes()` has not. @returns how to unbind them */
async function withTables({ db }: OpenDatabase): Promise<Disposable> {
  const bytes = { sqlite: 'blob', postgres: 'bytea', mysql: 'varbinary(32)' }[db.dialect]!
  const id = { sqlite: 'integer primary key', postgres: 'serial primary key', mysql: 'int auto_increment primary key' }[db.dialect]!
  await db.script(`
    create table byte_chunks (area int not null, hash ${bytes} not null, size int not null, primary key (area, hash));
    create table byte_parts (id ${id}, name varchar(20) not null, chunk_area int not null, chunk_hash ${bytes} not null);
    create table byte_blobs (hash ${bytes} not null primary key, size int not null);
    create table byte_uses (id ${id}, blob_id ${bytes} not null);`)
  const unbind = bind([Chunk, Part, Blob, Use], db)
  return { [Symbol.dispose]: unbind }
}

onEachEngine('bytes', (open) => {
  it('are keys: alone, as a part of one, and in lists', async () => {
    await using space = await open()
    using bound = await withTables(space)
    void bound
    const [low, high] = [Uint8Array.of(0, 1, 255), Uint8Array.of(34, 92, 0, 200)]
    await Chunk.createMany([
      { area: 1, hash: low, size: 10 },
      { area: 1, hash: high, size: 20 },
      { area: 2, hash: low, size: 30 },
    ])
    await Part.createMany([
      { name: 'a', chunkArea: 1, chunkHash: low },
      { name: 'b', chunkArea: 1, chunkHash: high },
      { name: 'c', chunkArea: 1, chunkHash: low },
    ])
    const chunks = await Chunk.with('parts').orderBy('size')
    expect(chunks.map(({ parts }) => parts.map(({ name }) => name).sort())).toEqual([['a', 'c'], ['b'], []])
    expect((await Part.with('chunk').orderBy('name')).map(({ chunk }) => chunk.size)).toEqual([10, 20, 10])

    await Blob.createMany([low, high].map((hash, index) => ({ hash, size: index })))
    await Use.createMany([low, high, low].map((blobId) => ({ blobId })))
    expect((await Blob.with('uses').orderBy('size')).map(({ uses }) => uses.length)).toEqual([2, 1])
    expect((await Use.with('blob').orderBy('id')).map(({ blob }) => blob.size)).toEqual([0, 1, 0])

    expect(await Blob.where('hash', 'in', [low, Uint8Array.of(7)]).count()).toBe(1)
    expect(await Blob.where('hash', 'not in', [low, Uint8Array.of(7)]).count()).toBe(1)
    expect((await Blob.find(high))?.size).toBe(1)
    expect((await Chunk.find({ area: 2, hash: low }))?.size).toBe(30)

    const [first, last] = [Buffer.from(low), Buffer.from(high)]
    expect((await Blob.findMany([last, high, first])).map(({ size }) => size)).toEqual([1, 1, 0])
    const keys = [
      { area: 2, hash: first },
      { area: 1, hash: last },
    ]
    expect((await Chunk.findMany(keys)).map(({ size }) => size)).toEqual([30, 20])
    expect((await keyLoader(Chunk).load({ area: 2, hash: first }))?.size).toBe(30)
  })
})
