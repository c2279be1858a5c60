// What every contender knows: the same data, schemas, header values and secrets, so that only the frameworks differ.

export interface User {
  id: number
  name: string
  email: string
  active: boolean
  createdAt: string
  address: { street: string; city: string; zip: string; country: string }
  roles: string[]
  bio: string
}

export interface Order {
  customer: { name: string; email: string; street: string; city: string; zip: string; country: string }
  currency: string
  note: string
  lines: { sku: string; title: string; quantity: number; price: number; taxRate: number }[]
}

export interface OrderReceipt {
  accepted: boolean
  customer: string
  lines: number
}

export interface ResourceAnswer {
  resource: string
  action: string
  id: string
  theme: string
}

/** About 1 KB of JSON. */
export function userById(id: number): User {
  return { id, ...user }
}

const user: Omit<User, 'id'> = {
  name: 'Ada Lovelace',
  email: 'ada.lovelace@analytical.example',
  active: true,
  createdAt: '2026-01-31T12:34:56.000Z',
  address: { street: '12 St James’s Square', city: 'London', zip: 'SW1Y 4JH', country: 'United Kingdom' },
  roles: ['author', 'editor', 'mathematician', 'translator', 'correspondent'],
  bio: 'The Analytical Engine has no pretensions whatever to originate anything. It can do whatever we know how to order it to perform. '.repeat(
    5,
  ),
}

/** About 1 KB of JSON. */
export const order: Order = {
  customer: {
    name: 'Grace Hopper',
    email: 'grace@navy.example',
    street: '1 Compiler Road',
    city: 'Arlington',
    zip: '22201',
    country: 'United States',
  },
  currency: 'EUR',
  note: 'Please leave it with the neighbours when nobody is in; the bell by the gate does not work.',
  lines: Array.from({ length: 8 }, (_, index) => ({
    sku: `SKU-${1000 + index}`,
    title: `Relay, ${index + 1} poles, moth free`,
    quantity: index + 1,
    price: 1999 + index,
    taxRate: 0.19,
  })),
}

export const helloSchema = {
  type: 'object',
  required: ['hello'],
  properties: { hello: { type: 'string' } },
} as const

export const userParamsSchema = {
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'integer', minimum: 1 } },
} as const

export const userSchema = {
  type: 'object',
  required: ['id', 'name', 'email', 'active', 'createdAt', 'address', 'roles', 'bio'],
  properties: {
    id: { type: 'integer' },
    name: { type: 'string' },
    email: { type: 'string' },
    active: { type: 'boolean' },
    createdAt: { type: 'string' },
    address: {
      type: 'object',
      required: ['street', 'city', 'zip', 'country'],
      properties: {
        street: { type: 'string' },
        city: { type: 'string' },
        zip: { type: 'string' },
        country: { type: 'string' },
      },
    },
    roles: { type: 'array', items: { type: 'string' } },
    bio: { type: 'string' },
  },
} as const

export const orderSchema = {
  type: 'object',
  required: ['customer', 'currency', 'note', 'lines'],
  properties: {
    customer: {
      type: 'object',
      required: ['name', 'email', 'street', 'city', 'zip', 'country'],
      properties: {
        name: { type: 'string', minLength: 1, maxLength: 100 },
        email: { type: 'string', minLength: 3, maxLength: 254 },
        street: { type: 'string', maxLength: 200 },
        city: { type: 'string', maxLength: 100 },
        zip: { type: 'string', maxLength: 20 },
        country: { type: 'string', maxLength: 100 },
      },
    },
    currency: { type: 'string', minLength: 3, maxLength: 3 },
    note: { type: 'string', maxLength: 1000 },
    lines: {
      type: 'array',
      minItems: 1,
      maxItems: 100,
      items: {
        type: 'object',
        required: ['sku', 'title', 'quantity', 'price', 'taxRate'],
        properties: {
          sku: { type: 'string', minLength: 1, maxLength: 40 },
          title: { type: 'string', maxLength: 200 },
          quantity: { type: 'integer', minimum: 1, maximum: 1000 },
          price: { type: 'integer', minimum: 0 },
          taxRate: { type: 'number', minimum: 0, maximum: 1 },
        },
      },
    },
  },
} as const

export const receiptSchema = {
  type: 'object',
  required: ['accepted', 'customer', 'lines'],
  properties: { accepted: { type: 'boolean' }, customer: { type: 'string' }, lines: { type: 'integer' } },
} as const

export const resourceSchema = {
  type: 'object',
  required: ['resource', 'action', 'id', 'theme'],
  properties: {
    resource: { type: 'string' },
    action: { type: 'string' },
    id: { type: 'string' },
    theme: { type: 'string' },
  },
} as const

export function receiptFor(body: Order): OrderReceipt {
  return { accepted: true, customer: body.customer.email, lines: body.lines.length }
}

export const resources: readonly string[] = Array.from({ length: 40 }, (_, index) => `resource-${String(index + 1).padStart(2, '0')}`)

/** The five routes of each resource. */
export const actions = [
  { action: 'list', method: 'GET', path: '' },
  { action: 'show', method: 'GET', path: '/:id' },
  { action: 'create', method: 'POST', path: '' },
  { action: 'update', method: 'PUT', path: '/:id' },
  { action: 'remove', method: 'DELETE', path: '/:id' },
] as const

export type Action = (typeof actions)[number]['action']

export const bearerToken = 'b2b1d7a4f0c94b6fa1e2c3d4e5f60718'
export const allowedOrigin = 'https://app.example'
export const defaultTheme = 'light'

/** The twelve headers of helmet's defaults. */
export const securityHeaders = {
  'content-security-policy':
    "default-src 'self';base-uri 'self';font-src 'self' https: data:;form-action 'self';frame-ancestors 'self';img-src 'self' data:;object-src 'none';script-src 'self';script-src-attr 'none';style-src 'self' https: 'unsafe-inline';upgrade-insecure-requests",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'SAMEORIGIN',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
} as const

export const corsHeaders = {
  'access-control-allow-origin': allowedOrigin,
  'access-control-allow-credentials': 'true',
  vary: 'Origin',
} as const

export const preflightHeaders = {
  'access-control-allow-methods': 'GET,HEAD,PUT,PATCH,POST,DELETE',
  'access-control-allow-headers': 'authorization,content-type',
} as const
