import { expect, it } from '@jest/globals'
import { belongsTo, f, hasMany, keyLoader, manyToMany, Model } from '../src/index.ts'
import { onEachEngine } from './support/engines.ts'

class Grid extends Model('grids', {
  id: f.id(),
  name: f.string(),
  cells: hasMany(() => Cell),
  marks: manyToMany(() => Cell),
  seen: manyToMany(() => Cell, { through: () => View }),
  labels: manyToMany(() => Label),
}) {}
class Cell extends Model(
  'cells',
  { line: f.bigint(), place: f.string({ max: 20 }), text: f.string(), grid: belongsTo(() => Grid).nullable() },
  { primary: ['line', 'place'] },
) {}
class View extends Model('views', {
  id: f.id(),
  grid: belongsTo(() => Grid),
  cell: belongsTo(() => Cell, { fk: { cellLine: 'line', cellPlace: 'place' } }),
}) {}
class Label extends Model('labels', { id: f.id(), text: f.string() }) {}
const models = [Grid, Cell, View, Label] as const

const most = 1_000
const keys = Array.from({ length: most }, (_, n) => ({ line: 9_007_199_254_740_993n + BigInt(n % 7), place: `"${n}', 'ä` }))

async function fill(): Promise<{ grid: Grid; cells: Cell[] }> {
  const grid = await Grid.create({ name: 'a' })
  const cells = await Cell.createMany(keys.map((key, n) => ({ ...key, text: `${n}` })))
  await Cell.createMany(keys.slice(0, 3).map(({ line, place }) => ({ line: line + 100n, place, text: 'other' })))
  return { grid, cells }
}

onEachEngine('a thousand composite keys', (open, dialect) => {
  // Where a list is as many parameters as it has values, it has as many texts as there are powers of two.
  const isOneText = dialect !== 'mysql'

  it('are found by one statement, whatever their number (Q19)', async () => {
    await using at = await open(models)
    const { cells } = await fill()
    at.clear()
    expect((await Cell.findMany(keys.toReversed())).map(({ text }) => text)).toEqual(cells.map(({ text }) => text).toReversed())
    expect((await Cell.findMany(keys.slice(2, 4))).map(({ text }) => text)).toEqual(['2', '3'])
    expect((await Cell.findMany(keys.slice(2, 3))).map(({ text }) => text)).toEqual(['2'])
    expect(
      await Cell.findMany([
        { line: 1n, place: 'a' },
        { line: 2n, place: 'b' },
      ]),
    ).toEqual([])
    expect(at.statements).toHaveLength(4)
    const [many, two] = at.statements
    expect(at.statements[3]).toBe(two)
    expect(many === two).toBe(isOneText)
    const loader = keyLoader(Cell)
    at.clear()
    const found = await Promise.all(keys.map((key) => loader.load(key)))
    expect(found.map((cell) => cell?.text)).toEqual(cells.map(({ text }) => text))
    expect(at.statements).toEqual([many])
  })

  it('are related and released, whatever their number (Q19)', async () => {
    await using at = await open(models)
    const { grid, cells } = await fill()
    for (const name of ['cells', 'marks', 'seen'] as const) {
      const texts: string[] = []
      const changed = async (targets: readonly Cell[], verb: RegExp): Promise<void> => {
        at.clear()
        await grid.related(name).set([...targets])
        texts.push(...at.statements.filter((text) => verb.test(text)))
        expect([name, await grid.related(name).count()]).toEqual([name, targets.length])
      }
      const released = name === 'cells' ? /^update .*null/ : /^delete/
      await changed(cells, /^$/)
      await changed(cells.slice(2), /^$/)
      await changed([], /^$/)
      for (const size of [2, 3, most]) {
        await grid.related(name).set(cells.slice(0, size))
        await changed([], name === 'cells' ? /^update/ : released)
      }
      expect([name, texts.length, new Set(texts).size]).toEqual([name, 3, isOneText ? 1 : 3])
    }
    await grid.related('seen').add(...cells)
    await grid.related('seen').remove(...keys.slice(1))
    expect((await grid.related('seen')).map(({ text }) => text)).toEqual(['0'])
    expect(await Cell.where('text', 'other').count()).toBe(3)
  })

  it('have a limit in lists of parameters, up to which they are not padded', async () => {
    await using at = await open(models)
    const { cells } = await fill()
    const none = Array.from({ length: 20_000 }, (_, n) => ({ line: 1n, place: `${n}` }))
    expect((await Cell.findMany([...none, keys[5]!])).map(({ text }) => text)).toEqual([cells[5]!.text])
    expect(at.db.dialect).toBe(dialect)
  })

  it('are not needed for a thousand rows of one key', async () => {
    await using at = await open(models)
    const { grid } = await fill()
    const labels = await Label.createMany(keys.map((_, n) => ({ text: `${n}` })))
    const texts: string[] = []
    for (const size of [1, 2, 3, 4, most]) {
      await grid.related('labels').set(labels.slice(0, size))
      at.clear()
      await grid.related('labels').remove(...labels.slice(0, size))
      texts.push(...at.statements.filter((text) => text.startsWith('delete')))
      expect(await grid.related('labels').count()).toBe(0)
    }
    expect([texts.length, new Set(texts).size]).toEqual([5, isOneText ? 1 : 4])
  })
})
