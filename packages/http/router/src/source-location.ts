import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const ownFolder = fileURLToPath(new URL('.', import.meta.url))
const engine = /[\\/]node_modules[\\/](?:\.pnpm[\\/][^\\/]+[\\/]node_modules[\\/])?(?:fastify|avvio)[\\/]/
const framesAbove = 40

/**
 * `file:line` of the code that is running, outside this package and the engine: where a route is declared. The file is
 * relative to the working directory when it is below it. The stack is taken now and read when somebody asks, since
 * reading costs more than declaring the route.
 */
export function sourceLocation(): () => string {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = framesAbove
  const trace = new Error('location')
  Error.stackTraceLimit = limit
  let location: string | undefined
  return () => (location ??= locate(trace.stack ?? '', process.cwd()))
}

export function locate(stack: string, cwd: string): string {
  for (const line of stack.split('\n').slice(1)) {
    const match = /\(?((?:file:\/\/)?(?:\/|[A-Za-z]:[\\/])[^()]*?):(\d+):\d+\)?$/.exec(line)
    if (!match?.[1]) continue
    const file = match[1].startsWith('file://') ? fileURLToPath(match[1]) : match[1]
    if (file.startsWith(ownFolder) || engine.test(file)) continue
    const path = relative(cwd, file)
    return `${path.startsWith('..') ? file : path}:${match[2]}`
  }
  return 'unknown place'
}
