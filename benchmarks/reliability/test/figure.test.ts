import { describe, expect, it } from '@jest/globals'
import { figure, show, table } from '../src/figure.ts'
import { timed } from '../src/waiting.ts'

describe('figures', () => {
  it('are shown with their unit, and with what was waited for in vain', () => {
    expect(show(figure('a', 's', 1_234))).toBe('1.23 s')
    expect(show(figure('a', 'ms', 1.26))).toBe('1.3 ms')
    expect(show(figure('a', 'ms', 126.4))).toBe('126 ms')
    expect(show(figure('a', 'MB', 12_600_000))).toBe('13 MB')
    expect(show({ name: 'a', unit: 's', value: { over: 100_000 } })).toBe('> 100.00 s')
  })

  it('stand in one table, a row each', () => {
    expect(table({ Covet: [figure('failed', '', 0)], Fastify: [figure('failed', '', 1), figure('memory', 'MB', 1e6)] })).toBe(
      '|  | Covet | Fastify |\n| --- | --: | --: |\n| failed | 0 | 1 |\n| memory | - | 1 MB |',
    )
  })
})

describe('waiting', () => {
  it('says how long it took, or that it was given up', async () => {
    expect(await timed(Promise.resolve(), 10_000)).toEqual({ value: expect.any(Number) })
    expect(await timed(new Promise(() => undefined), 20)).toEqual({ over: 20 })
  })
})
