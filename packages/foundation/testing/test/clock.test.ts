import { describe, expect, it } from '@jest/globals'
import { fakeClock, seededRandom } from '@covet/testing'

describe('a fake clock', () => {
  it('stands still until it is told to advance', async () => {
    const { now, date, advance } = Object.assign(fakeClock('2026-01-01T00:00:00Z'), {})
    expect(now()).toBe(Date.parse('2026-01-01T00:00:00Z'))
    expect(date().toISOString()).toBe('2026-01-01T00:00:00.000Z')
    expect(typeof advance).toBe('function')
    const clock = fakeClock(0)
    await clock.advance('1m')
    expect(clock.now()).toBe(60_000)
  })

  it('runs timers in order, each at its own time, with promises settled in between', async () => {
    const clock = fakeClock(0)
    const log: string[] = []
    const note = (name: string) => () => void log.push(`${name}@${clock.now()}`)
    clock.setTimeout(note('late'), 30)
    clock.setTimeout(note('early'), 10)
    clock.setTimeout(note('same time, later made'), 10)
    const interval = clock.setInterval(note('tick'), 20)
    const sleeper = clock.sleep(5).then(() => clock.setTimeout(note('made while advancing'), 5))
    const cancelled = clock.setTimeout(note('never'), 1)
    clock.clear(cancelled.unref().ref())
    await clock.advance(45)
    await sleeper
    expect(log).toEqual(['early@10', 'same time, later made@10', 'made while advancing@10', 'tick@20', 'late@30', 'tick@40'])
    clock.clear(interval)
    expect([clock.pending, clock.now()]).toEqual([0, 45])
  })

  it('ends a sleep that is aborted', async () => {
    const clock = fakeClock(0)
    const controller = new AbortController()
    const sleeping = clock.sleep('1s', controller.signal)
    controller.abort(new Error('enough'))
    await expect(sleeping).rejects.toThrow('enough')
    expect(clock.pending).toBe(0)
    await expect(clock.sleep('1s', controller.signal)).rejects.toThrow('enough')
  })

  it('jumps like a wall clock that is set, without running timers', async () => {
    const clock = fakeClock(10_000)
    const log: number[] = []
    clock.setTimeout(() => log.push(clock.now()), 1_000)
    clock.jump(-5_000)
    await clock.advance(999)
    expect(log).toEqual([])
    await clock.advance(1)
    expect(log).toEqual([6_000])
  })
})

describe('seeded random', () => {
  it('is the same for the same seed and covers its range', () => {
    const [one, same, other] = [seededRandom(7), seededRandom(7), seededRandom(8)]
    const draw = (random: typeof one): number[] => Array.from({ length: 1_000 }, () => random.integer(10))
    const drawn = draw(one)
    expect(draw(same)).toEqual(drawn)
    expect(draw(other)).not.toEqual(drawn)
    expect([...new Set(drawn)].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(one.seed).toBe(7)
  })

  it('picks, and makes bytes', () => {
    const random = seededRandom(1)
    expect(['a', 'b']).toContain(random.pick(['a', 'b']))
    expect(random.bytes(32)).toHaveLength(32)
    expect(() => random.pick([])).toThrow(RangeError)
  })
})
