import { describe, expect, it } from '@jest/globals'
import { inspect } from 'node:util'
import { createApp, errors, modeOf, parseMediaType, Secret, toBytes, toMilliseconds, type Duration, type Size } from '../src/index.ts'

describe('durations', () => {
  it.each<[Duration, number]>([
    [0, 0],
    [250, 250],
    ['250ms', 250],
    ['5s', 5_000],
    ['1.5m', 90_000],
    ['2h', 7_200_000],
    ['30d', 2_592_000_000],
  ])('%p is %p ms', (duration, expected) => expect(toMilliseconds(duration)).toBe(expected))

  it.each(['5', 's', '5 s', '-5s', -1, Number.NaN, Infinity, '5w', ''])('%p is refused with what to write', (duration) => {
    expect(() => toMilliseconds(duration as Duration)).toThrow(errors.InvalidDurationError)
    expect(() => toMilliseconds(duration as Duration)).toThrow(/ms, s, m, h or d/)
  })
})

describe('sizes', () => {
  it.each<[Size, number]>([
    [0, 0],
    [1_000, 1_000],
    ['10B', 10],
    ['64KB', 65_536],
    ['1.5MB', 1_572_864],
    ['1GB', 1_073_741_824],
  ])('%p is %p bytes', (size, expected) => expect(toBytes(size)).toBe(expected))

  it.each(['5', 'MB', '5 MB', -1, 1.5, Number.NaN, '5TB'])('%p is refused with what to write', (size) => {
    expect(() => toBytes(size as Size)).toThrow(errors.InvalidSizeError)
  })
})

describe('a Secret', () => {
  it('gives its value out when asked, and shows it nowhere', () => {
    const secret = new Secret('hunter2')
    expect(secret.reveal()).toBe('hunter2')
    const shown = [
      String(secret),
      `${secret}`,
      JSON.stringify({ secret }),
      inspect(secret),
      inspect({ deep: [secret] }, { showHidden: true }),
      secret.toString(),
    ]
    expect(shown.join()).not.toContain('hunter2')
    expect(JSON.stringify({ secret })).toBe('{"secret":"[secret]"}')
  })
})

describe('media types', () => {
  it.each([
    ['application/json', { essence: 'application/json', charset: undefined }],
    ['Text/HTML; Charset="UTF-8"', { essence: 'text/html', charset: 'utf-8' }],
    ['a/b; x=y; charset=latin1;', { essence: 'a/b', charset: 'latin1' }],
    ['application/json a', undefined],
    ['json', undefined],
    ['', undefined],
  ])('%p is read as %p', (value, expected) => expect(parseMediaType(value)).toEqual(expected))
})

describe('the mode', () => {
  it.each([
    [undefined, 'development'],
    ['', 'development'],
    ['development', 'development'],
    ['test', 'test'],
    ['production', 'production'],
    ['staging', 'production'],
  ])('of NODE_ENV=%p is %p', (name, mode) => expect(modeOf(name === undefined ? {} : { NODE_ENV: name })).toBe(mode))
})

describe('options of Fastify that createApp decides', () => {
  it.each(['genReqId', 'http2', 'rewriteUrl', 'loggerInstance'])(
    '%s is refused at boot, where nothing has been compiled',
    async (option) => {
      await expect(createApp({ [option]: true })).rejects.toMatchObject({
        code: 'kernel/unsupported-option',
        message: expect.stringContaining(option),
      })
    },
  )
})
