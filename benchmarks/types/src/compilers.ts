import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The compilers measured, each installed under a name of its own. */
export const compilers = ['5.9', '6.0', '7.0'] as const
export type Compiler = (typeof compilers)[number]

const require = createRequire(import.meta.url)

/** The compiler's program: JavaScript that Node runs; that of 7.0 starts the native one. */
export function programOf(compiler: Compiler): string {
  return join(dirname(require.resolve(`typescript-${compiler}/package.json`)), 'bin/tsc')
}
