const pattern = Buffer.from('0000-00-00T00:00:00.000Z')
const zero = 0x30
const daysIn = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const

export const instantLength: number = pattern.length

/** Whether these bytes are an instant just as a Date prints it: of a day and a time there are. */
export function isInstant(bytes: Uint8Array, at: number): boolean {
  for (let index = 0; index < instantLength; index += 1) if (!fits(bytes[at + index] as number, pattern[index] as number)) return false
  return isDay(bytes, at) && twoDigits(bytes, at + 11) < 24 && twoDigits(bytes, at + 14) < 60 && twoDigits(bytes, at + 17) < 60
}

/** The pattern's zero stands for any digit. */
function fits(code: number, wanted: number): boolean {
  return wanted === zero ? code >= zero && code <= 0x39 : code === wanted
}

function isDay(bytes: Uint8Array, at: number): boolean {
  const month = twoDigits(bytes, at + 5)
  const day = twoDigits(bytes, at + 8)
  if (day < 1 || day > (daysIn[month - 1] ?? 0)) return false
  return month !== 2 || day < 29 || isLeapYear(twoDigits(bytes, at) * 100 + twoDigits(bytes, at + 2))
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

function twoDigits(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) - zero) * 10 + (bytes[at + 1] as number) - zero
}
