import { types } from 'node:util'
import { bytesOf } from './bytes.ts'
import { objectText, scalarText } from './scalar-text.ts'

const special = /["\\]/g
/** Of JSON's escapes those that mean another character in an array: there a backslash takes the next one as it is. */
const foreign = /\\(?:["\\]|u([\da-f]{4})|([bfnrt]))/g
const controls: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

/** `{1,NULL,"a \"b\""}`: a parameter for `= any($1)`, `unnest($1::integer[])` or a column of an array type. */
export function toArrayText(values: readonly unknown[], position: number): string {
  return isJson(values) ? fromJson(JSON.stringify(values)) : elementTexts(values, position)
}

/** Whether JSON says the same of all of them. By index: a hole is undefined, which iteration by method would pass over. */
function isJson(values: readonly unknown[]): boolean {
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index]
    if (typeof value !== 'string' && !Number.isFinite(value) && typeof value !== 'boolean' && value !== null) return false
  }
  return true
}

/** JSON is written in one go, without a piece of text per value. */
function fromJson(json: string): string {
  const list = json.includes('\\') ? json.replaceAll(foreign, literally) : json
  return `{${list.slice(1, -1)}}`
}

function literally(escape: string, code: string | undefined, control: string | undefined): string {
  if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16))
  return control === undefined ? escape : (controls[control] ?? escape)
}

function elementTexts(values: readonly unknown[], position: number): string {
  let text = '{'
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
