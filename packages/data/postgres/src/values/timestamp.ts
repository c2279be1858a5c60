import { errors } from '@covet/db'

// The session's style is ISO, and its zone UTC unless somebody set another.
const pattern = /^(\d{4,})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?([+-]\d\d(?::\d\d){0,2})( BC)?$/
const dash = 0x2d
const zero = 0x30

/**
 * A timestamptz as a Date; microseconds are cut to milliseconds.
 * @throws {UnrepresentableValueError}
 */
export function toDate(text: string): Date {
  return isUsual(text) ? fromUsual(text) : fromAny(text)
}

/** `2024-03-10 02:30:00.123456+00`: nearly all there is, with every part in its place but for the length of the fraction. */
function isUsual(text: string): boolean {
  return text.charCodeAt(4) === dash && text.endsWith('+00') && text.charCodeAt(0) !== zero
}

function fromUsual(text: string): Date {
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2)
  const month = twoDigits(text, 5)
  const day = twoDigits(text, 8)
  const ms = milliseconds(text.slice(20, -3))
  return new Date(Date.UTC(year, month - 1, day, twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17), ms))
}

/** Cut after three digits; of an absent fraction nothing is left. */
function milliseconds(fraction: string): number {
  return fraction === '' ? 0 : Number(fraction.padEnd(3, '0').slice(0, 3))
}

function twoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - zero) * 10 + text.charCodeAt(at + 1) - zero
}

function fromAny(text: string): Date {
  const match = pattern.exec(text)
  if (!match || match[9] !== undefined) throw noDate(match ? 'before the year 1' : 'infinite, or not written as ISO 8601')
  const [, year, month, day, hour, minute, second, fraction = '', zone = '+00'] = match
  const date = new Date(0)
  // Date.UTC would take the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  date.setUTCHours(Number(hour), Number(minute), Number(second), milliseconds(fraction))
  const shifted = zone === '+00' ? date : new Date(date.getTime() - offsetMs(zone))
  if (Number.isNaN(shifted.getTime())) throw noDate('beyond the year 275760')
  return shifted
}

function noDate(what: string): errors.UnrepresentableValueError {
  return new errors.UnrepresentableValueError(
    `A timestamptz is ${what}, which no Date can be`,
    'Read it as text (`column::text`), or keep such values out of the column.',
  )
}

/** ISO 8601 as PostgreSQL reads it: years beyond 9999 without the sign. Undefined for a year before 1. */
export function fromDate(date: Date): string | undefined {
  const text = date.toISOString()
  if (date.getUTCFullYear() < 1) return undefined
  return text.startsWith('+') ? text.slice(1).replace(/^0/, '') : text
}

function offsetMs(zone: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = zone.slice(1).split(':').map(Number)
  const ms = ((hours * 60 + minutes) * 60 + seconds) * 1_000
  return zone.startsWith('-') ? -ms : ms
}
