import { errors } from '@covet/db'

export interface Interruption {
  readonly signal: AbortSignal | undefined
  /** Milliseconds after which the work is ended; 0 for never. */
  readonly deadline: number
  /** What it then fails with. */
  readonly expired: () => Error
  /** Sees to it that the work ends soon. */
  readonly stop: () => Promise<void>
  /** Milliseconds the work has to end once it was stopped. */
  readonly patience: number
  /** Ends the work at once, whatever it takes. */
  readonly cut: () => void
}

/**
 * Runs `work`, which an abort or the deadline stops, and waits for its end in either case: only then is its connection
 * free again.
 * @throws the signal's reason or what `expired` gives; {@link ConnectionLost} when the server did not say that it ended
 * anything: then a write may have happened
 */
export async function interruptible<T>(
  work: () => Promise<T>,
  { signal, deadline, expired, stop, patience, cut }: Interruption,
): Promise<T> {
  if (signal === undefined && deadline === 0) return work()
  let interrupted: { reason: unknown; stopped: Promise<void> } | undefined
  let limit: NodeJS.Timeout | undefined
  const interrupt = (reason: unknown): void => {
    interrupted ??= {
      reason,
      stopped: stop().then(() => {
        limit ??= setTimeout(cut, patience)
      }),
    }
  }
  const abort = (): void => interrupt(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  const timer = deadline > 0 ? setTimeout(() => interrupt(expired()), deadline) : undefined
  try {
    return await work()
  } catch (error) {
    throw !interrupted || error instanceof errors.ConnectionLost ? error : interrupted.reason
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
    await interrupted?.stopped
    clearTimeout(limit)
  }
}
