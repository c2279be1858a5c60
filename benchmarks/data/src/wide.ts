import { f, Model } from '@covet/orm'

/** 12 columns of the usual kinds. */
export class Wide extends Model('wides', {
  id: f.id(),
  a: f.string(),
  b: f.int(),
  c: f.bool(),
  d: f.datetime(),
  e: f.decimal(10, 2),
  g: f.bigint(),
  h: f.json<unknown>(),
  i: f.float(),
  j: f.date(),
  k: f.text(),
  l: f.string().nullable(),
}) {}

export const columns = ['a', 'b', 'c', 'd', 'e', 'g', 'h', 'i', 'j', 'k', 'l'] as const

export interface WideRow {
  a: string
  b: number
  c: boolean
  d: Date
  e: string
  g: bigint
  h: unknown
  i: number
  j: string
  k: string
  l: string | null
}

export function wide(n: number): WideRow {
  return {
    a: `a${n}`,
    b: n,
    c: n % 2 === 0,
    d: new Date(1_700_000_000_000 + n),
    e: `${n % 1_000}.25`,
    g: BigInt(n),
    h: { n, tags: ['one', 'two'] },
    i: n / 4,
    j: '2024-03-10',
    k: `the text of row ${n}`,
    l: n % 3 === 0 ? null : `l${n}`,
  }
}
