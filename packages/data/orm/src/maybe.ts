import { isPromise, type MaybePromise } from '@covet/db'

/** What follows a value that may be there already: at once then, without a promise in between. */
export function chained<T, U>(value: MaybePromise<T>, next: (value: T) => MaybePromise<U>): MaybePromise<U> {
  return isPromise(value) ? value.then(next) : next(value)
}

export { failed, isPromise, settled, toPromise } from '@covet/db'
