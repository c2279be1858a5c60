import { dirname, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where in the program something began. Reading the stack costs more than keeping it, so it is read when somebody asks. */
export interface CallSite {
  /**
   * The first place outside of the framework, `file:line:column`, relative to the working directory where it lies below it;
   * undefined when it is more than 40 calls away.
   */
  readonly place: string | undefined
  /** The place, or `unknown`. */
  toString(): string
  /** The whole stack. */
  readonly stack: string
}

const deepest = 40
const sources = dirname(dirname(fileURLToPath(import.meta.url)))
/** Run from its sources, the framework is the `src` folders of all packages beside this one. */
const packages = sources.endsWith(`${sep}src`) ? dirname(dirname(dirname(sources))) : undefined
const frame = /(?:\(|^at (?:async )?)((?:file:\/\/)?(?:\/|[A-Za-z]:[\\/])[^()]*):(\d+:\d+)\)?$/

class CapturedSite implements CallSite {
  readonly #holder: { stack?: string } = {}

  constructor(above: (...args: never[]) => unknown) {
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = deepest
    Error.captureStackTrace(this.#holder, above)
    Error.stackTraceLimit = stackTraceLimit
  }

  get stack(): string {
    return this.#holder.stack ?? ''
  }

  get place(): string | undefined {
    return placeIn(this.stack)
  }

  toString(): string {
    return this.place ?? 'unknown'
  }
}

/** The stack above this call. About two microseconds. */
export function captureSite(): CallSite {
  return new CapturedSite(captureSite)
}

/** The first frame of a stack that is neither Node's nor the framework's. */
function placeIn(stack: string): string | undefined {
  for (const line of stack.split('\n')) {
    const [, file = '', position = ''] = frame.exec(line.trim()) ?? []
    if (file !== '' && !isFramework(file)) return `${relative(file)}:${position}`
  }
  return undefined
}

function isFramework(file: string): boolean {
  const path = file.startsWith('file://') ? fileURLToPath(file) : file
  if (packages !== undefined && path.startsWith(packages + sep) && path.includes(`${sep}src${sep}`)) return true
  return path.startsWith(sources) || /[\\/]node_modules[\\/](?:@covet|kysely)[\\/]/.test(path)
}

function relative(file: string): string {
  const path = file.startsWith('file://') ? fileURLToPath(file) : file
  const root = `${process.cwd()}/`
  return path.startsWith(root) ? path.slice(root.length) : path
}
