import { isPromise, type MaybePromise } from '@covet/db'

/** What follows a value that may be there already: at once then, without a promise in between. */
export function chained<T, U>(value: MaybePromise<T>, next: (value: T) => MaybePromise<U>): MaybePromise<U> {
  return isPromise(value) ? value.then(next) : next(value)
}

export { isPromise, toPromise } from '@covet/db'

/** With {@link failed} around it what `toPromise` does, without a closure: that is a twentieth of a lookup by key above the driver. */
export function settled<T>(value: MaybePromise<T>): Promise<T> {
  return isPromise(value) ? value : Promise.resolve(value)
}

/** A promise that fails with what was thrown, as an async function's does. */
export function failed(error: unknown): Promise<never> {
  return Promise.reject(error as Error)
}
