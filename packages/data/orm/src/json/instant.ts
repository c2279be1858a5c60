const zero = 0x30
const dash = 0x2d
const colon = 0x3a
const point = 0x2e
const daysIn = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const

/** `2024-03-10T02:30:00.123Z` */
export const instantLength = 24

/** Whether an instant stands there just as a Date prints it: of a day and a time there are. */
export function isInstant(text: DataView, at: number): boolean {
  return isSeparated(text, at) && isDay(text, at) && isTime(text, at + 11)
}

function isSeparated(text: DataView, at: number): boolean {
  if (text.getUint8(at + 4) !== dash || text.getUint8(at + 7) !== dash || text.getUint8(at + 10) !== 0x54) return false
  if (text.getUint8(at + 13) !== colon || text.getUint8(at + 16) !== colon) return false
  return text.getUint8(at + 19) === point && text.getUint8(at + 23) === 0x5a
}

function isDay(text: DataView, at: number): boolean {
  const century = pair(text, at)
  const year = pair(text, at + 2)
  const month = pair(text, at + 5)
  const day = pair(text, at + 8)
  if (century < 0 || year < 0 || day < 1 || day > (daysIn[month - 1] ?? 0)) return false
  return month !== 2 || day < 29 || isLeapYear(century * 100 + year)
}

function isTime(text: DataView, at: number): boolean {
  const hour = pair(text, at)
  const minute = pair(text, at + 3)
  const second = pair(text, at + 6)
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return false
  return pair(text, at + 9) >= 0 && pair(text, at + 10) >= 0
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

/** The number of two digits; -1 of anything else. */
function pair(text: DataView, at: number): number {
  const tens = text.getUint8(at) - zero
  const ones = text.getUint8(at + 1) - zero
  return tens >= 0 && tens < 10 && ones >= 0 && ones < 10 ? tens * 10 + ones : -1
}
