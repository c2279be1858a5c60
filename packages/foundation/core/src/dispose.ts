interface Closable {
  close(): unknown
}

export function isDisposable(service: unknown): boolean {
  return disposer(service) !== undefined
}

/**
 * Disposes in reverse order, each after the one before it has settled.
 * @throws {AggregateError} of every failure, after all were tried
 */
export async function dispose(services: readonly unknown[]): Promise<void> {
  const failures: unknown[] = []
  for (const service of services.toReversed()) {
    try {
      await disposer(service)?.()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} of ${services.length} services failed to close.`)
}

function disposer(service: unknown): (() => unknown) | undefined {
  if (typeof service !== 'object' || service === null) return undefined
  if (Symbol.asyncDispose in service) return () => (service as AsyncDisposable)[Symbol.asyncDispose]()
  if (Symbol.dispose in service) return () => (service as Disposable)[Symbol.dispose]()
  if ('close' in service && typeof service.close === 'function') return () => (service as Closable).close()
  return undefined
}
