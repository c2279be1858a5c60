import { describe, expect, it } from '@jest/globals'
import { definer } from '../../src/loading/define.ts'

class Guarded {
  get posts(): never {
    throw new Error('not loaded')
  }
}

describe('definer()', () => {
  it('gives an instance a property of its own, past an accessor and with any name (trap 38)', () => {
    const instance = new Guarded()
    definer('posts')(instance, [1])
    expect(instance.posts).toEqual([1])
    expect(Object.keys(instance)).toEqual(['posts'])
    definer(`a'"\n]\\`)(instance, 2)
    expect(Object.getOwnPropertyDescriptor(instance, `a'"\n]\\`)).toEqual({
      value: 2,
      writable: true,
      enumerable: true,
      configurable: true,
    })
    definer('posts')(instance, null)
    expect(instance.posts).toBeNull()
  })

  it('does the same where the process forbids code from strings (trap 37)', () => {
    const before = globalThis.Function
    globalThis.Function = function refuse() {
      throw new EvalError('Code generation from strings disallowed for this context')
    } as unknown as FunctionConstructor
    const instance = {}
    try {
      definer('without code')(instance, 3)
    } finally {
      globalThis.Function = before
    }
    expect(Object.getOwnPropertyDescriptor(instance, 'without code')).toEqual({
      value: 3,
      writable: true,
      enumerable: true,
      configurable: true,
    })
  })
})
