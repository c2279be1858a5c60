import { isCovetError } from './errors.ts'

/** EX_CONFIG of sysexits(3). */
const badConfiguration = 78

/**
 * Runs an application's main function: reads settings, makes the application, listens. When it fails it says why on the
 * standard error stream and exits: with 78 when configuration, the plugin graph or a required store is at fault, else
 * with 1.
 */
export async function run<T>(main: () => T | Promise<T>): Promise<T> {
  try {
    return await main()
  } catch (error) {
    process.stderr.write(explain(error))
    process.exit(isCovetError(error) ? badConfiguration : 1)
  }
}

/** A Covet error says what to do; of another the stack is needed. */
function explain(error: unknown): string {
  if (isCovetError(error)) return `${error.message} (${error.code})\n`
  return `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`
}
