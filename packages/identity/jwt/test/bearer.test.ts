import { describe, expect, it } from '@jest/globals'
import { bearerToken } from '../src/index.ts'

describe('bearerToken', () => {
  it.each<[string | undefined, string | readonly string[] | undefined, string | undefined]>([
    ['Bearer abc.def.ghi', undefined, 'abc.def.ghi'],
    ['bearer abc', undefined, 'abc'],
    ['BEARER   abc  ', undefined, 'abc'],
    ['Token abc', 'Token', 'abc'],
    ['Token abc', ['Bearer', 'token'], 'abc'],
    ['Token abc', undefined, undefined],
    ['Bearer abc', 'Token', undefined],
    ['Bearer', undefined, undefined],
    ['Bearer ', undefined, undefined],
    ['Bearerabc', undefined, undefined],
    ['abc', undefined, undefined],
    ['', undefined, undefined],
    [undefined, undefined, undefined],
  ])('reads %j with the scheme %j as %j', (header, scheme, expected) => {
    expect(bearerToken(header, scheme)).toBe(expected)
  })
})
