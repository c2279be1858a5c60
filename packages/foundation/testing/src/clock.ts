import { type Duration, toMilliseconds } from '@covet/core'

/** Time as a package takes it: `Date.now`, timers, and nothing global. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly setTimeout: (action: () => void, delay: number) => Timer
  readonly setInterval: (action: () => void, interval: number) => Timer
  readonly clear: (timer: Timer) => void
}

/** A timer of a {@link Clock}. */
export interface Timer {
  ref(): this
  unref(): this
}

interface Alarm {
  due: number
  readonly interval: number | undefined
  readonly action: () => void
  readonly order: number
}

class FakeTimer implements Timer {
  ref(): this {
    return this
  }

  unref(): this {
    return this
  }
}

/** A clock that stands still until it is told to advance. Its functions can be passed around. */
export class FakeClock implements Clock {
  readonly #alarms = new Map<Timer, Alarm>()
  #now: number
  #order = 0

  constructor(now: number) {
    this.#now = now
  }

  readonly now = (): number => this.#now

  readonly date = (): Date => new Date(this.#now)

  readonly setTimeout = (action: () => void, delay: number): Timer => this.#add(action, delay, undefined)

  readonly setInterval = (action: () => void, interval: number): Timer => this.#add(action, interval, interval)

  readonly clear = (timer: Timer): void => {
    this.#alarms.delete(timer)
  }

  /** Resolves when that much time has passed on this clock. */
  readonly sleep = (duration: Duration, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted()
      const timer = this.setTimeout(resolve, toMilliseconds(duration))
      signal?.addEventListener('abort', () => {
        this.clear(timer)
        reject(signal.reason as Error)
      })
    })

  /** Timers that have not run yet. */
  get pending(): number {
    return this.#alarms.size
  }

  /**
   * Moves on, running what becomes due in order, each at its own time, and letting promises settle in between.
   */
  async advance(duration: Duration): Promise<void> {
    const end = this.#now + toMilliseconds(duration)
    await settle()
    for (let next = this.#next(end); next; next = this.#next(end)) {
      const [timer, alarm] = next
      this.#now = Math.max(this.#now, alarm.due)
      if (alarm.interval === undefined) this.#alarms.delete(timer)
      else alarm.due += Math.max(1, alarm.interval)
      alarm.action()
      await settle()
    }
    this.#now = end
  }

  /** Jumps like a wall clock that is set, backwards too; timers go by their own distance and do not run. */
  jump(milliseconds: number): void {
    this.#now += milliseconds
    for (const alarm of this.#alarms.values()) alarm.due += milliseconds
  }

  #add(action: () => void, delay: number, interval: number | undefined): Timer {
    const timer = new FakeTimer()
    this.#alarms.set(timer, { due: this.#now + Math.max(0, delay), interval, action, order: this.#order++ })
    return timer
  }

  #next(end: number): [Timer, Alarm] | undefined {
    const due = [...this.#alarms].filter(([, alarm]) => alarm.due <= end)
    return due.toSorted(([, a], [, b]) => a.due - b.due || a.order - b.order)[0]
  }
}

/** @param now a date, its text, or milliseconds. @default 2030-01-01T00:00:00Z */
export function fakeClock(now: Date | string | number = '2030-01-01T00:00:00Z'): FakeClock {
  return new FakeClock(new Date(now).getTime())
}

/** A turn of the event loop: every promise that can settle has. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
