import { describe, expect, it } from '@jest/globals'
import { InvalidPasswordOptionsError } from '../src/errors.ts'
import { createPasswords, type PasswordOptions } from '../src/index.ts'
import { countingEngine } from './support/engine.ts'

const key = 'a pepper of thirty-two bytes or more'

describe('the options', () => {
  it.each<[string, PasswordOptions, string]>([
    ['less memory than the floor', { parameters: { memory: 19_455, passes: 2, lanes: 1 } }, 'below the floor'],
    ['fewer passes than the floor', { parameters: { memory: 19_456, passes: 1, lanes: 1 } }, 'below the floor'],
    ['parameters above the caps', { parameters: { memory: 262_145, passes: 2, lanes: 1 } }, 'exceed'],
    ['parameters that are no whole numbers', { parameters: { memory: 19_456, passes: 2.5, lanes: 1 } }, 'whole numbers'],
    ['an unknown preset', { parameters: 'weak' as 'strong' }, 'standard, memory or strong'],
    ['no concurrency', { gate: { concurrency: 0 } }, 'gate.concurrency'],
    ['a negative queue', { gate: { queue: -1 } }, 'gate.queue'],
    ['a minimum of nothing', { policy: { minLength: 0 } }, 'policy.minLength'],
    ['a minimum nobody can reach', { policy: { minLengthWithMfa: 257 } }, 'policy.minLengthWithMfa'],
    ['a short pepper', { pepper: { current: 'k', keys: { k: 'short' } } }, 'has 5 bytes'],
    ['a pepper with a long name', { pepper: { current: 'ninechars', keys: { ninechars: key } } }, 'ninechars'],
    ['a current pepper that is not listed', { pepper: { current: 'k2', keys: { k1: key } } }, 'pepper.current'],
  ])('refuse %s', (_what, options, message) => {
    expect(() => createPasswords(options)).toThrow(InvalidPasswordOptionsError)
    expect(() => createPasswords(options)).toThrow(message)
  })

  it.each<[NonNullable<PasswordOptions['parameters']>, string]>([
    ['standard', 'm=19456,t=2,p=1'],
    ['memory', 'm=47104,t=1,p=1'],
    ['strong', 'm=65536,t=3,p=1'],
    [{ memory: 19_456, passes: 3, lanes: 2 }, 'm=19456,t=3,p=2'],
  ])('hash with the parameters %j', async (parameters, expected) => {
    const { derive } = countingEngine()
    expect(await createPasswords({ parameters, derive }).hash('opensesame')).toContain(`$${expected}$`)
  })

  it('never show a pepper in an error', () => {
    expect(() => createPasswords({ pepper: { current: 'k', keys: { k: 'hunter2' } } })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    )
  })
})
