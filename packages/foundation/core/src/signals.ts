import type { FastifyInstance } from 'fastify'
import type { DrainOutcome } from './drain.ts'
import { toCovetError } from './problem.ts'

/** EX_TEMPFAIL of sysexits(3): the drain was forced. */
const forcedExit = 75

/** Applications of this process that are leaving: the last one ends it. */
let leavingNow = 0
let worstExit = 0

/** A failure says more than a forced drain, and that more than a clean one. */
function exitAfterLast(exitCode: number): void {
  if (worstExit !== 1) worstExit = exitCode || worstExit
  leavingNow--
  // Handles that libraries left open must not keep a drained process alive.
  if (leavingNow === 0) process.exit(worstExit)
}

/**
 * From `listen` on: SIGTERM and SIGINT drain and exit with 0, or 75 when the drain was forced; a second one forces it. An
 * error that nobody caught leaves the process in a state nobody knows: it is logged, the application drains, and the
 * process exits with 1.
 */
export function attachSignals(app: FastifyInstance, drain: (force: AbortSignal) => Promise<DrainOutcome>): void {
  const force = new AbortController()
  let leaving = false

  const leave = async (failed: boolean): Promise<void> => {
    if (leaving) return force.abort()
    leaving = true
    leavingNow++
    const exitCode = await drain(force.signal).then(
      ({ forced }) => (failed ? 1 : forced ? forcedExit : 0),
      (error: unknown) => {
        app.log.fatal({ err: error }, 'the application did not close cleanly')
        return 1
      },
    )
    exitAfterLast(exitCode)
  }
  const onSignal = (): void => void leave(false)
  const onUncaught = (error: unknown): void => {
    app.log.fatal({ err: error, code: toCovetError(error).code }, 'uncaught error')
    if (!leaving) void leave(true)
  }

  app.addHook('onListen', async () => {
    process.on('SIGTERM', onSignal).on('SIGINT', onSignal)
    process.on('uncaughtException', onUncaught).on('unhandledRejection', onUncaught)
  })
  app.addHook('onClose', async () => {
    if (leaving) return
    process.off('SIGTERM', onSignal).off('SIGINT', onSignal)
    process.off('uncaughtException', onUncaught).off('unhandledRejection', onUncaught)
  })
}
