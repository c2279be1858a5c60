import { actions, allowedOrigin, bearerToken, corsHeaders, order, receiptFor, resources, securityHeaders, userById } from './data.ts'

export const workloadNames = ['hello', 'user', 'order', 'stack'] as const
export type WorkloadName = (typeof workloadNames)[number]

export interface Exchange {
  method: string
  path: string
  headers?: Readonly<Record<string, string>>
  body?: string
}

/** What an answer must be before a contender is timed. Header values are compared without the whitespace around separators. */
export interface Expectation {
  what: string
  request: Exchange
  status: readonly number[]
  json?: unknown
  headers?: Readonly<Record<string, string | RegExp>>
}

export interface Workload {
  title: string
  /** Sent in turn by every connection. */
  requests: readonly Exchange[]
  expectations: readonly Expectation[]
}

const json = { 'content-type': 'application/json' }
const isJson = { 'content-type': /^application\/json/ }
const signedIn = { authorization: `Bearer ${bearerToken}`, origin: allowedOrigin, cookie: 'session=2f1e0d9c8b7a; theme=dark' }
const everyAnswer = { ...securityHeaders, ...corsHeaders, vary: /\borigin\b/i, 'x-request-id': /^[\w-]{4,}$/ }

const withOneString = order.lines.map((line, index) => (index === 3 ? { ...line, quantity: 'many' } : line))

export const workloads: Readonly<Record<WorkloadName, Workload>> = {
  hello: {
    title: 'GET hello',
    requests: [{ method: 'GET', path: '/' }],
    expectations: [
      { what: 'hello', request: { method: 'GET', path: '/' }, status: [200], json: { hello: 'world' }, headers: isJson },
      { what: 'a path nobody serves', request: { method: 'GET', path: '/nowhere' }, status: [404] },
    ],
  },
  user: {
    title: 'GET /users/:id, 1 KB',
    requests: [1, 20, 300, 4000].map((id) => ({ method: 'GET', path: `/users/${id}` })),
    expectations: [
      { what: 'a user', request: { method: 'GET', path: '/users/42' }, status: [200], json: userById(42), headers: isJson },
      { what: 'an id that is no number', request: { method: 'GET', path: '/users/ada' }, status: [400, 422] },
      { what: 'an id below the minimum', request: { method: 'GET', path: '/users/0' }, status: [400, 422] },
    ],
  },
  order: {
    title: 'POST 1 KB validated',
    requests: [{ method: 'POST', path: '/orders', headers: json, body: JSON.stringify(order) }],
    expectations: [
      {
        what: 'a valid order',
        request: { method: 'POST', path: '/orders', headers: json, body: JSON.stringify(order) },
        status: [201],
        json: receiptFor(order),
        headers: isJson,
      },
      {
        what: 'a quantity that is no number',
        request: { method: 'POST', path: '/orders', headers: json, body: JSON.stringify({ ...order, lines: withOneString }) },
        status: [400, 422],
      },
      {
        what: 'an order without a currency',
        request: { method: 'POST', path: '/orders', headers: json, body: JSON.stringify({ ...order, currency: undefined }) },
        status: [400, 422],
      },
    ],
  },
  stack: {
    title: '200 routes, six concerns',
    requests: resources
      .filter((_, index) => index % 5 === 0)
      .map((resource, index) => ({ method: 'GET', path: `/${resource}/${index + 100}`, headers: signedIn })),
    expectations: [
      ...actions.map(({ action, method, path }) => ({
        what: `${action} of a resource`,
        request: { method, path: `/resource-17${path.replace(':id', '123')}`, headers: signedIn },
        status: [200],
        json: { resource: 'resource-17', action, id: path === '' ? '' : '123', theme: 'dark' },
        headers: { ...everyAnswer, ...isJson, 'x-response-time': /^\d+(\.\d+)?ms$/ },
      })),
      {
        what: 'no theme cookie',
        request: { method: 'GET', path: '/resource-40/7', headers: { ...signedIn, cookie: 'session=1' } },
        status: [200],
        json: { resource: 'resource-40', action: 'show', id: '7', theme: 'light' },
      },
      {
        what: 'no bearer token',
        request: { method: 'GET', path: '/resource-01/1', headers: { origin: allowedOrigin } },
        status: [401],
        headers: everyAnswer,
      },
      {
        what: 'a wrong bearer token',
        request: {
          method: 'GET',
          path: '/resource-01/1',
          headers: { ...signedIn, authorization: `Bearer ${bearerToken.replaceAll('b', 'c')}` },
        },
        status: [401],
      },
      {
        what: 'a preflight',
        request: {
          method: 'OPTIONS',
          path: '/resource-01/1',
          headers: { origin: allowedOrigin, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'authorization' },
        },
        status: [200, 204],
        headers: { 'access-control-allow-origin': allowedOrigin, 'access-control-allow-methods': /PUT/ },
      },
    ],
  },
}

export function isWorkloadName(name: string): name is WorkloadName {
  return (workloadNames as readonly string[]).includes(name)
}
