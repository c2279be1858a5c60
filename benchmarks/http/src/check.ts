import { request as httpRequest } from 'node:http'
import { isDeepStrictEqual } from 'node:util'
import { text } from 'node:stream/consumers'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Exchange, Expectation, Workload } from './workloads.ts'

export interface Answer {
  status: number
  headers: Readonly<Record<string, string | string[] | undefined>>
  body: string
}

/** Asks everything a workload expects; what is not as expected, one line each. */
export async function wrongAnswers(port: number, { expectations, requests }: Workload): Promise<string[]> {
  const wrong: string[] = []
  for (const expectation of expectations) wrong.push(...differences(expectation, await ask(port, expectation.request)))
  for (const request of requests) {
    const { status } = await ask(port, request)
    if (status > 299) wrong.push(`${request.method} ${request.path} of the load answered ${status}`)
  }
  return wrong
}

export function differences({ what, status, json, headers = {} }: Expectation, answer: Answer): string[] {
  const wrong: string[] = []
  if (!status.includes(answer.status)) wrong.push(`${what}: status ${answer.status} instead of ${status.join(' or ')}`)
  if (json !== undefined && !isDeepStrictEqual(parse(answer.body), json)) wrong.push(`${what}: body ${answer.body.slice(0, 200)}`)
  for (const [name, expected] of Object.entries(headers)) {
    const actual = answer.headers[name]
    if (actual === undefined || !matches(String(actual), expected)) wrong.push(`${what}: ${name} is ${actual ?? 'missing'}`)
  }
  return wrong
}

function matches(actual: string, expected: string | RegExp): boolean {
  return typeof expected === 'string' ? withoutPadding(actual) === withoutPadding(expected) : expected.test(actual)
}

/** `a; b` and `a;b` say the same in every header compared here. */
function withoutPadding(value: string): string {
  return value.replaceAll(/\s*([;,])\s*/g, '$1').replace(/;$/, '')
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

async function ask(port: number, { method, path, headers, body }: Exchange): Promise<Answer> {
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const request = httpRequest({ host: '127.0.0.1', port, method, path, headers: { ...headers, ...length }, agent: false })
  request.end(body)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) }
}
