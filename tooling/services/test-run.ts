import type { ServiceName } from './definition.ts'
import { serviceNames } from './definitions.ts'
import { messageOf } from './errors.ts'
import { withLock } from './lock.ts'
import { createServices, runVariables, sayOnStderr, type Services } from './services.ts'
import { enterRun, leaveRun } from './state.ts'

/** One `npm test` in relation to the servers it uses. */
export interface TestRun extends AsyncDisposable {
  /** The services that could not be started, and why: their tests are skipped, in CI they fail. */
  unavailable: Partial<Record<ServiceName, string>>
}

export interface TestRunOptions {
  /** Leaves the servers running for the next run. */
  isKept: boolean
  /** Started before the tests; the others start when a test asks. */
  eager: readonly ServiceName[]
  environment?: NodeJS.ProcessEnv
  say?: (message: string) => void
}

/**
 * Notes the run and starts servers for it. When the last run at work ends, the servers that runs have started are stopped;
 * those that somebody started by hand stay.
 */
export async function openTestRun({ isKept, eager, environment = process.env, say = sayOnStderr }: TestRunOptions): Promise<TestRun> {
  const services = createServices({ ...environment, ...(isKept ? {} : { [runVariables.unkept]: '1' }) }, say)
  await withLock(services.folder, 'runs', async () => enterRun(services.folder))
  return {
    unavailable: await start(services, eager, say),
    [Symbol.asyncDispose]: () =>
      withLock(services.folder, 'runs', async () => {
        if (!leaveRun(services.folder)) await Promise.all(serviceNames.map((name) => services.stop(name, { sparesKept: true })))
      }),
  }
}

async function start(services: Services, names: readonly ServiceName[], say: (message: string) => void): Promise<TestRun['unavailable']> {
  const unavailable: TestRun['unavailable'] = {}
  const note = (name: ServiceName, error: unknown): void => {
    unavailable[name] = messageOf(error)
    say(`${name} is unavailable: ${unavailable[name]}`)
  }
  // Where the joint install fails, each service says for itself what it lacks.
  await services.install(names).catch((error: unknown) => say(messageOf(error)))
  await Promise.all(
    names.map(async (name) => {
      try {
        const { origin } = await services.server(name)
        say(
          'pid' in origin
            ? `${name} on port ${origin.port}, process ${origin.pid}, data in ${origin.folder}`
            : `${name} from ${origin.variable}`,
        )
      } catch (error) {
        note(name, error)
      }
    }),
  )
  return unavailable
}
