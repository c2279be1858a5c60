import { expect, it } from '@jest/globals'
import { f, Model } from '../../src/index.ts'
import { onEachEngine } from '../support/engines.ts'

class Word extends Model('case_words', { id: f.id(), ci: f.string({ max: 50, ci: true }), plain: f.string({ max: 50 }) }) {}

onEachEngine('parts of texts', (open) => {
  it.each(['ci', 'plain'] as const)('are found with regard to case, and without where that is asked for: %s (Q7)', async (column) => {
    await using space = await open([Word])
    void space
    await Word.create({ ci: 'Straw_Berry', plain: 'Straw_Berry' })
    const found = async (operator: 'contains' | 'startsWith' | 'endsWith', text: string): Promise<readonly number[]> => [
      await Word.where(column, operator, text).count(),
      await Word.where(column, `i${operator}`, text).count(),
      await Word.where((c) => c[column].concat('')[operator](text)).count(),
    ]
    expect(await found('contains', 'w_B')).toEqual([1, 1, 1])
    expect(await found('contains', 'w_b')).toEqual([0, 1, 0])
    expect(await found('startsWith', 'Straw')).toEqual([1, 1, 1])
    expect(await found('startsWith', 'straw')).toEqual([0, 1, 0])
    expect(await found('endsWith', 'Berry')).toEqual([1, 1, 1])
    expect(await found('endsWith', 'berry')).toEqual([0, 1, 0])
  })
})
