import type { FastifyRequest } from 'fastify'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { redactText } from './logging.ts'

const linesAround = 5
const hiddenHeaders = /^(?:authorization|cookie|proxy-authorization|x-api-key)$/i

/** The page a developer sees for an error nobody handled: where it came from, the request, the services. */
export function errorPage(error: unknown, request: FastifyRequest): string {
  const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error))
  const frame = sourceFrame(framesOf(stack, message))
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escape(name)}: ${escape(redactText(message))}</title><style>
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:64rem;padding:0 1rem;color:#1c1c1e}
h1{font-size:1.3rem}h2{font-size:1rem;margin-top:2rem}pre{background:#f4f4f6;padding:1rem;overflow:auto;border-radius:6px}
mark{background:#ffd9d6;display:block}td{padding:.1rem 1rem .1rem 0;vertical-align:top;font-family:ui-monospace,monospace}
</style></head><body>
<h1>${escape(name)}: ${escape(redactText(message))}</h1>
${frame ? `<h2>${escape(frame.file)}:${frame.line}</h2><pre>${frame.html}</pre>` : ''}
<h2>Stack</h2><pre>${escape(redactText(stack))}</pre>
<h2>Request</h2>${table([
    ['method', request.method],
    ['url', request.url],
    ['route', request.routeOptions.url ?? '(none)'],
    ['id', request.id],
    ...Object.entries(request.headers).map(([key, value]): [string, string] => [key, hiddenHeaders.test(key) ? '[hidden]' : String(value)]),
  ])}
<h2>Services</h2>${table(request.server.services.names().map((service) => [service, '']))}
</body></html>`
}

/** A stack without its message, which may be a client's and name any file; nothing when the message has been changed since. */
function framesOf(stack: string, message: string): string {
  const start = stack.indexOf(message)
  return start === -1 ? '' : stack.slice(start + message.length)
}

/** The first frame of a stack that is a file of the application. */
function sourceFrame(stack: string): { file: string; line: number; html: string } | undefined {
  for (const [, location, lineText] of stack.matchAll(/\(?((?:file:\/\/)?\/[^():]+):(\d+):\d+\)?$/gm)) {
    if (!location || location.includes('/node_modules/')) continue
    const file = location.startsWith('file:') ? fileURLToPath(location) : location
    const line = Number(lineText)
    const source = readLines(file)
    if (source) return { file, line, html: excerpt(source, line) }
  }
  return undefined
}

function readLines(file: string): string[] | undefined {
  try {
    return readFileSync(file, 'utf8').split('\n')
  } catch {
    // The file a stack names may be gone or made up (eval, a bundle): the page then shows the stack alone.
    return undefined
  }
}

function excerpt(lines: readonly string[], line: number): string {
  const first = Math.max(line - linesAround, 1)
  return lines
    .slice(first - 1, line + linesAround)
    .map((text, index) => {
      const shown = `${String(first + index).padStart(5)}  ${escape(text)}`
      return first + index === line ? `<mark>${shown}</mark>` : `${shown}\n`
    })
    .join('')
}

function table(rows: readonly (readonly [string, string])[]): string {
  return `<table>${rows.map(([key, value]) => `<tr><td>${escape(key)}</td><td>${escape(value)}</td></tr>`).join('')}</table>`
}

function escape(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
}
