import { errors } from '@covet/db'

const shape = /^(\d{4,6})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:Z|([+-])(\d\d)(?::?(\d\d))?(?::?(\d\d))?)?$/

/**
 * The instant of PostgreSQL's text of a timestamptz, to the millisecond.
 * @throws {UnrepresentableValueError} for infinity and years before Christ, which a Date cannot hold
 */
export function parseTimestamp(text: string): Date {
  // The session's zone is UTC, so that almost every value has this form.
  if (text.length >= 22 && text.endsWith('+00')) {
    const time = Date.parse(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`)
    if (!Number.isNaN(time)) return new Date(time)
  }
  const parts = shape.exec(text)
  if (!parts) throw notADate()
  const [, year, month, day, hour, minute, second, fraction = '', sign, zoneHours = '0', zoneMinutes = '0', zoneSeconds = '0'] = parts
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'))
  const date = new Date(0)
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  date.setUTCHours(Number(hour), Number(minute), Number(second), milliseconds)
  const offset = (Number(zoneHours) * 3_600 + Number(zoneMinutes) * 60 + Number(zoneSeconds)) * 1_000
  return new Date(date.getTime() - (sign === '-' ? -offset : offset))
}

/**
 * The instant of the text of an engine that has no type for it, or a zero for what is none.
 * @throws {UnrepresentableValueError} for text that is no instant
 */
export function instantOf(text: string): Date {
  const date = new Date(text)
  if (Number.isNaN(date.getTime())) throw notADate()
  return date
}

function notADate(): errors.UnrepresentableValueError {
  return new errors.UnrepresentableValueError(
    'A datetime of the database is one no Date can be',
    'Read it as text, or store a date in its range.',
  )
}
