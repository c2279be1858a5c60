// What contenders without a plugin for it write themselves.
import { timingSafeEqual } from 'node:crypto'
import { bearerToken } from '../data.ts'

const expected = Buffer.from(`Bearer ${bearerToken}`)

export function isBearer(authorization: string | undefined): boolean {
  if (authorization === undefined) return false
  const given = Buffer.from(authorization)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

export function readCookie(header: string | undefined, name: string): string | undefined {
  if (header === undefined) return undefined
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=')
    if (pair.slice(0, equals).trim() === name) return decodeURIComponent(pair.slice(equals + 1).trim())
  }
  return undefined
}

/** A prefix of this process and a counter: unique without a random number per request. */
export function requestIds(): () => string {
  const prefix = process.pid.toString(36)
  let counter = 0
  return () => `${prefix}-${(++counter).toString(36)}`
}

export function formatElapsed(startedAt: number): string {
  return `${(performance.now() - startedAt).toFixed(2)}ms`
}
