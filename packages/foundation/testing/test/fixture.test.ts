import { describe, expect, it } from '@jest/globals'
import { fixture, FixtureScope, type Fixture } from '@covet/testing'

describe('fixtures', () => {
  it('are made once in a scope, and disposed of in reverse order', async () => {
    const log: string[] = []
    const database = fixture(
      () => {
        log.push('open database')
        return { name: 'db' }
      },
      { dispose: ({ name }) => log.push(`close ${name}`) },
    )
    const users = fixture(async (scope) => {
      const { name } = await scope.use(database)
      scope.defer(() => void log.push('forget users'))
      return { from: name, close: () => log.push('close users') }
    })
    {
      await using scope = new FixtureScope()
      const [one, other] = await Promise.all([scope.use(users), scope.use(users)])
      expect(one).toBe(other)
      expect((await scope.use(database)).name).toBe(one.from)
      scope.defer(() => void log.push('last'))
    }
    expect(log).toEqual(['open database', 'last', 'close users', 'forget users', 'close db'])
  })

  it('start afresh after a scope was disposed of', async () => {
    let made = 0
    const counter = fixture(() => ++made)
    const scope = new FixtureScope()
    expect([await scope.use(counter), await scope.use(counter)]).toEqual([1, 1])
    await scope.dispose()
    expect(await scope.use(counter)).toBe(2)
    await scope.dispose()
  })

  it('are disposed of by what they have: asyncDispose, dispose, close, or nothing', async () => {
    const log: string[] = []
    const scope = new FixtureScope()
    await scope.use(fixture(() => ({ [Symbol.asyncDispose]: async () => void log.push('async') })))
    await scope.use(fixture(() => ({ [Symbol.dispose]: () => log.push('sync') })))
    await scope.use(fixture(() => ({ close: () => log.push('close') })))
    await scope.use(fixture(() => ({ close: 'a field' })))
    await scope.use(fixture(() => null))
    await scope.dispose()
    expect(log).toEqual(['close', 'sync', 'async'])
  })

  it('are all disposed of, also when making or disposing one fails', async () => {
    const log: string[] = []
    const scope = new FixtureScope()
    await scope.use(fixture(() => 1, { dispose: () => log.push('first') }))
    await expect(scope.use(fixture(() => Promise.reject(new Error('no port'))))).rejects.toThrow('no port')
    await scope.use(
      fixture(() => 2, {
        dispose: () => {
          throw new Error('stuck')
        },
      }),
    )
    await expect(scope.dispose()).rejects.toThrow('stuck')
    expect(log).toEqual(['first'])
  })

  it('cannot need themselves', async () => {
    const chicken: Fixture<number> = fixture((scope) => scope.use(egg))
    const egg: Fixture<number> = fixture((scope) => scope.use(chicken))
    await expect(new FixtureScope().use(chicken)).rejects.toMatchObject({ code: 'testing/fixture-cycle' })
  })
})
