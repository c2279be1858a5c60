import { fileURLToPath } from 'node:url'

const frame = /(?:\(|^at (?:async )?)((?:file:\/\/)?(?:\/|[A-Za-z]:[\\/])[^()]*):(\d+):(\d+)\)?$/
const framesRead = 40
/** The folder of this package's code. */
const own = fileURLToPath(new URL('../', import.meta.url))

/** The place in the application that led here, as `file:line:column`; undefined when it is too far away. */
export function callSite(): string | undefined {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = framesRead
  const { stack = '' } = new Error('the way here')
  Error.stackTraceLimit = limit
  for (const line of stack.split('\n').slice(1)) {
    const found = frame.exec(line.trim())
    const [, place = '', row, column] = found ?? []
    if (place === '' || isOwn(place)) continue
    return `${pathOf(place)}:${row}:${column}`
  }
  return undefined
}

function isOwn(place: string): boolean {
  return pathOf(place).startsWith(own)
}

function pathOf(place: string): string {
  return place.startsWith('file://') ? fileURLToPath(place) : place
}
