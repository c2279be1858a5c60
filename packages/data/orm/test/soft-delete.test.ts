import { errors as dbErrors } from '@covet/db'
import { expect, it } from '@jest/globals'
import { belongsTo, f, hasMany, Model, timestamps } from '../src/index.ts'
import { Account } from './support/articles.ts'
import { onEachEngine } from './support/engines.ts'

class Folder extends Model('folders', {
  id: f.id(),
  name: f.string().unique(),
  ...timestamps(),
  deletedAt: f.deletedAt(),
  version: f.version(),
  files: hasMany(() => File),
}) {}
class File extends Model('files', { id: f.id(), name: f.string(), folder: belongsTo(() => Folder) }) {}

onEachEngine('soft deletion', (open) => {
  it('keeps the row, out of sight of queries (Q17)', async () => {
    await using _ = await open([Account])
    const [ann, ben] = await Account.createMany([{ login: 'ann' }, { login: 'ben' }])
    await ann!.delete()
    expect(ann!.deletedAt).toBeInstanceOf(Date)
    expect((await Account.query()).map(({ login }) => login)).toEqual(['ben'])
    expect(await Account.find(ann!.id)).toBeNull()
    expect(await Account.where('login', 'ann').exists()).toBe(false)
    expect((await Account.query().withDeleted().orderBy('id')).map(({ login }) => login)).toEqual(['ann', 'ben'])
    expect((await Account.query().onlyDeleted()).map(({ login }) => login)).toEqual(['ann'])
    expect(await Account.query().unscoped().count()).toBe(2)
    expect(ben!.deletedAt).toBeNull()
  })

  it('is undone by restore, of an instance or of a query', async () => {
    await using _ = await open([Account])
    const [ann, ben] = await Account.createMany([{ login: 'ann' }, { login: 'ben' }])
    await ann!.delete()
    await ann!.restore()
    expect(ann!.deletedAt).toBeNull()
    expect(await Account.where('login', 'in', ['ann', 'ben']).delete()).toBe(2)
    expect(await Account.where('login', 'ben').restore()).toBe(1)
    expect((await Account.query()).map(({ id }) => id)).toEqual([ben!.id])
  })

  it('lets a new row have the values of a deleted one, and no second living one (trap 28)', async () => {
    await using _ = await open([Account])
    await (await Account.create({ login: 'ann' })).delete()
    const again = await Account.create({ login: 'ann' })
    await expect(Account.create({ login: 'ann' })).rejects.toThrow(dbErrors.UniqueViolation)
    await again.delete()
    expect(await Account.query().onlyDeleted().count()).toBe(2)
    await expect(Account.where('login', 'ann').restore()).rejects.toThrow(dbErrors.UniqueViolation)
  })

  it('is a write like others: the time and the version change', async () => {
    await using at = await open([Folder, File])
    const past = new Date('2024-03-10T02:30:00.123Z')
    const folder = await Folder.create({ name: 'a', createdAt: past, updatedAt: past })
    const { id } = folder
    const touched = async (): Promise<unknown[]> => {
      const { version, createdAt, updatedAt } = await Folder.query().withDeleted().where('id', id).get()
      const isNew = updatedAt.getTime() > past.getTime()
      await at.db.sql`update folders set updated_at = created_at`
      return [version, createdAt, isNew]
    }
    await folder.delete()
    expect([folder.version, folder.updatedAt.getTime() > past.getTime()]).toEqual([2, true])
    expect(await touched()).toEqual([2, past, true])
    expect(await Folder.query().unfiltered().restore()).toBe(1)
    expect(await touched()).toEqual([3, past, true])
    expect(await Folder.where('id', id).delete()).toBe(1)
    expect(await touched()).toEqual([4, past, true])
    await (await Folder.query().withDeleted().where('id', id).get()).restore()
    expect(await touched()).toEqual([5, past, true])
  })

  it('can be for good', async () => {
    await using _ = await open([Account])
    const [ann, ben, cid] = await Account.createMany([{ login: 'ann' }, { login: 'ben' }, { login: 'cid' }])
    await ann!.forceDelete()
    await ben!.delete()
    expect(await Account.query().onlyDeleted().where('login', 'ben').forceDelete()).toBe(1)
    expect((await Account.query().withDeleted()).map(({ id }) => id)).toEqual([cid!.id])
    await expect(Account.query().forceDelete()).rejects.toThrow(/unfiltered/)
    await expect(Account.query().restore()).rejects.toThrow(/unfiltered/)
  })

  it('hides a parent from those that are left behind: its relation is null (trap 28)', async () => {
    await using _ = await open([Folder, File])
    const folder = await Folder.create({ name: 'a' })
    await File.create({ name: 'x', folderId: folder.id })
    await folder.delete()
    const file = await File.query().with('folder').firstOrFail()
    expect(file.folder).toBeNull()
    expect(await Folder.where('files.name', 'x').count()).toBe(0)
  })
})
