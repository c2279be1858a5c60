import { types } from 'node:util'
import { bytesOf } from './bytes.ts'
import { objectText, scalarText } from './scalar-text.ts'

const special = /["\\]/g

/** `{1,NULL,"a \"b\""}`: a parameter for `= any($1)`, `unnest($1::integer[])` or a column of an array type. */
export function toArrayText(values: readonly unknown[], position: number): string {
  let text = '{'
  // By index: a hole is undefined, which iteration by method would pass over.
  for (let index = 0; index < values.length; index += 1) {
    if (index > 0) text += ','
    text += elementText(values[index], position)
  }
  return `${text}}`
}

function elementText(value: unknown, position: number): string {
  if (value === null) return 'NULL'
  if (typeof value === 'string') return quote(value)
  if (typeof value !== 'object') return scalarText(value, position)
  if (types.isUint8Array(value)) return quote(`\\x${bytesOf(value).toString('hex')}`)
  if (Array.isArray(value)) return toArrayText(value, position)
  return quote(objectText(value, position))
}

function quote(text: string): string {
  // To look for the two costs a fifth of replacing what is hardly ever there.
  const isPlain = !text.includes('"') && !text.includes('\\')
  return isPlain ? `"${text}"` : `"${text.replaceAll(special, '\\$&')}"`
}
