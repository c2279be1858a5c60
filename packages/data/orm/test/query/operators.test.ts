import { describe, expect, it } from '@jest/globals'
import { InvalidValueError, UnknownOperatorError } from '../../src/errors.ts'
import { condition } from '../../src/expressions/conditions.ts'
import { belongsTo, f, hasMany, Model } from '../../src/index.ts'
import type { Operator, Operators } from '../../src/types/operators.ts'
import { onEachEngine } from '../support/engines.ts'

class Shelf extends Model('shelves', { id: f.id(), books: hasMany(() => Book) }) {}
class Book extends Model('books', {
  id: f.id(),
  title: f.string({ max: 50 }),
  note: f.string({ max: 50 }).nullable(),
  shelf: belongsTo(() => Shelf),
}) {}

/** Each operator that the types know, with a value and the titles it finds among Atlas, bible and C_lue. */
const uses: { readonly [O in Operator]: readonly [value: Operators<string>[O], found: readonly string[]] } = {
  '=': ['Atlas', ['Atlas']],
  '!=': ['Atlas', ['bible', 'C_lue']],
  '>': ['Atlas', ['bible', 'C_lue']],
  '>=': ['Atlas', ['Atlas', 'bible', 'C_lue']],
  '<': ['Atlas', []],
  '<=': ['Atlas', ['Atlas']],
  in: [
    ['Atlas', 'C_lue'],
    ['Atlas', 'C_lue'],
  ],
  'not in': [['Atlas', 'C_lue'], ['bible']],
  between: [['Atlas', 'Atlas'], ['Atlas']],
  'is null': [false, ['Atlas', 'bible', 'C_lue']],
  like: ['%l_e', ['C_lue']],
  'not like': ['%l_e', ['Atlas', 'bible']],
  ilike: ['B%', ['bible']],
  'not ilike': ['B%', ['Atlas', 'C_lue']],
  contains: ['_l', ['C_lue']],
  startsWith: ['At', ['Atlas']],
  endsWith: ['ible', ['bible']],
  icontains: ['LA', ['Atlas']],
  istartsWith: ['BI', ['bible']],
  iendsWith: ['LUE', ['C_lue']],
}
const operators = Object.keys(uses) as Operator[]

describe('the operators of where()', () => {
  it('are at run time those of the types', () => {
    const refused = (): unknown => condition({ kind: 'boolean', value: true }, 'nonsense', 1, { type: 'int', nullable: false }, 'x')
    const known = /There are (.*)\.$/.exec(messageOf(refused))?.[1]?.split(', ')
    expect(known?.toSorted()).toEqual(operators.toSorted())
    expect(refused).toThrow(UnknownOperatorError)
  })
})

function messageOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    return (error as Error).message
  }
  return ''
}

onEachEngine('each operator of where()', (open) => {
  it('finds what it says', async () => {
    await using space = await open([Shelf, Book])
    void space
    const shelf = await Shelf.create({})
    await Book.createMany(['Atlas', 'bible', 'C_lue'].map((title) => ({ title, shelfId: shelf.id })))
    for (const operator of operators) {
      const [value, found] = uses[operator]
      const titles = (await Book.where('title', operator, value as never).orderBy('id')).map(({ title }) => title)
      expect([operator, titles]).toEqual([operator, found])
      expect(await Shelf.where('books.title', operator, value as never).count()).toBe(titles.length > 0 ? 1 : 0)
    }
  })

  it('leaves rows without a value out of `not like` and `not ilike`, as SQL does, and refuses what is no pattern', async () => {
    await using space = await open([Shelf, Book])
    void space
    const shelf = await Shelf.create({})
    await Book.createMany(['red', 'blue', null].map((note) => ({ title: 'x', note, shelfId: shelf.id })))
    expect((await Book.where('note', 'not like', 'r%')).map(({ note }) => note)).toEqual(['blue'])
    expect((await Book.where('note', 'not ilike', 'R%')).map(({ note }) => note)).toEqual(['blue'])
    expect(() => Book.where('note', 'not like', 'r\\')).toThrow(InvalidValueError)
    expect(() => Book.where('note', 'not ilike', 5 as never)).toThrow(InvalidValueError)
  })
})
