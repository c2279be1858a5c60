import type { FastifyInstance, FastifyListenOptions } from 'fastify'
import { CovetError } from './errors.ts'

/** EX_CONFIG of sysexits(3). */
const badConfiguration = 78

/**
 * The main function of an application: boots it and listens, on port 3000 unless told otherwise. A boot that fails says
 * why on the standard error stream and exits: with 78 when configuration, the plugin graph or a required store is at
 * fault, else with 1.
 */
export async function run<A extends FastifyInstance>(boot: () => A | Promise<A>, listen: FastifyListenOptions = {}): Promise<A> {
  try {
    const app = await boot()
    await app.listen({ port: 3000, ...listen })
    return app
  } catch (error) {
    process.stderr.write(explain(error))
    process.exit(error instanceof CovetError ? badConfiguration : 1)
  }
}

/** A Covet error says what to do; of another the stack is needed. */
function explain(error: unknown): string {
  if (error instanceof CovetError) return `${error.message} (${error.code})\n`
  return `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`
}
