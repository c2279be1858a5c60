/** A value now or later: what a synchronous driver has at once costs no promise on its way up. */
export type MaybePromise<T> = T | Promise<T>

/** True of a promise of any realm, which `instanceof` is not. */
export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

export interface Sequel {
  /** Called with the error before `settled`. */
  failed?: (error: unknown) => void
  /** Called once the work is over, whatever came of it. */
  settled: () => void
}

/** Runs `work` and then its sequel, at once when the work is synchronous. */
export function runWithSequel<T>(work: () => MaybePromise<T>, { failed, settled }: Sequel): MaybePromise<T> {
  let outcome: MaybePromise<T>
  try {
    outcome = work()
  } catch (error) {
    failed?.(error)
    settled()
    throw error
  }
  if (!isPromise(outcome)) {
    settled()
    return outcome
  }
  return outcome.catch(rethrowAfter(failed)).finally(settled)
}

/** The promise an `async` function would return, without the function. */
export function toPromise<T>(work: () => MaybePromise<T>): Promise<T> {
  try {
    const outcome = work()
    return isPromise(outcome) ? outcome : Promise.resolve(outcome)
  } catch (error) {
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- passes on what was thrown, as an async function does
    return Promise.reject(error)
  }
}

function rethrowAfter(failed: Sequel['failed']): (error: unknown) => never {
  return (error) => {
    failed?.(error)
    throw error
  }
}
