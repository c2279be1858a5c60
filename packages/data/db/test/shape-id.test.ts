import { describe, expect, it } from '@jest/globals'
import { shapeIdOf } from '../src/shape-id.ts'

const alike = (texts: readonly string[]): number => new Set(texts.map(shapeIdOf)).size

describe('the shape of a statement', () => {
  it('is one for lists and rows of any length, in the placeholders of every engine', () => {
    expect(alike(['select a from t where b in (?)', 'select a from t where b in (?, ?,?)'])).toBe(1)
    expect(alike(['select a from t where b in ($1) and c = $2', 'select a from t where b in ($1, $2, $3) and c = $4'])).toBe(1)
    expect(alike(['insert into t (a, b) values (?, ?)', 'insert into t (a, b) values (?, ?), (?, ?), (?, ?)'])).toBe(1)
    expect(alike(['insert into t (a) values ($1)', 'insert into t (a) values ($1), ($2)'])).toBe(1)
  })

  it('is another for another statement, and the same in every process', () => {
    expect(alike(['select a from t where b = ?', 'select a from t where c = ?', 'select a from t where b = ? and b = ?'])).toBe(3)
    expect(shapeIdOf('select 1')).toBe('822ae07d4783')
  })

  it('takes no longer than the text is long', () => {
    const hostile = `?${' '.repeat(200_000)}`.repeat(2) + '(?'.repeat(100_000)
    expect(shapeIdOf(hostile)).toMatch(/^[0-9a-f]{12}$/)
  })
})
