import { type Cursor, NotUnderstood } from './cursor.ts'

const seconds: Readonly<Record<string, readonly string[]>> = { character: ['varying'], double: ['precision'], bit: ['varying'] }

/** The name of a type: `character varying(80)`, `timestamp(3) with time zone`, `text[]`. */
export function takeType(cursor: Cursor): string {
  const first = cursor.next()
  if (first.kind !== 'word' && first.kind !== 'name') throw new NotUnderstood('a type')
  let name = first.text
  for (const second of seconds[name] ?? []) if (cursor.takeWords(second)) name += ` ${second}`
  while (cursor.takeSymbol('.')) name = cursor.next().text
  if (cursor.isSymbol('(')) {
    const digits = cursor.takeGroup().map(({ text }) => text)
    name += `(${digits.join('')})`
  }
  for (const zone of ['with', 'without']) if (cursor.takeWords(zone, 'time', 'zone')) name += ` ${zone} time zone`
  while (cursor.takeSymbol('[')) {
    cursor.expectSymbol(']')
    name += '[]'
  }
  return name
}
