import { describe, expect, it } from '@jest/globals'
import type { FastifyInstance } from 'fastify'
import { createApp, plugin, Services, slot, token, type Slot, type Token } from '../src/index.ts'

const Name: Token<'name', string> = token('name')
const Box: Token<'box', object> = token('box')
const Other: Token<'other', object> = token('other')

describe('services', () => {
  it('are seen by child contexts and never by siblings or parents', async () => {
    const app = await createApp()
    let left: FastifyInstance | undefined
    let right: FastifyInstance | undefined
    app.services.set(Name, 'root')
    await app.register(async (child) => {
      left = child
      child.services.set(Box, { side: 'left' })
      await child.register(async (grandchild) => {
        expect(grandchild.services.get(Box)).toEqual({ side: 'left' })
        expect(grandchild.services.get(Name)).toBe('root')
      })
    })
    await app.register(async (child) => {
      right = child
      child.services.set(Name, 'right')
    })
    expect(left?.services.get(Name)).toBe('root')
    expect(right?.services.get(Name)).toBe('right')
    expect(right?.services.find(Box)).toBeUndefined()
    expect(app.services.find(Box)).toBeUndefined()
    expect(left?.services.names()).toEqual(['box', 'lifecycle', 'mode', 'name'])
    await app.close()
  })

  it('let one plugin serve two sibling contexts', async () => {
    const app = await createApp()
    const named = (name: string) => plugin({ name: 'named', provides: { name: Name }, setup: () => ({ name }) })
    const seen: string[] = []
    for (const name of ['left', 'right']) {
      await app.register(async (child) => {
        await child.register(named(name))
        seen.push(child.services.get(Name))
      })
    }
    expect(seen).toEqual(['left', 'right'])
    expect(app.services.find(Name)).toBeUndefined()
    await app.close()
  })

  it('are set once per context, and missing ones are named', () => {
    const services = new Services()
    services.set(Name, 'a')
    expect(() => services.set(Name, 'b')).toThrow(expect.objectContaining({ code: 'kernel/duplicate-service' }))
    expect(() => services.get(Box)).toThrow(expect.objectContaining({ code: 'kernel/missing-service' }))
  })

  it('are the same for a second copy of the token', () => {
    const services = new Services()
    services.set(Name, 'shared')
    expect(services.get(token<'name', string>('name'))).toBe('shared')
  })

  it('close in reverse order of creation, by whichever way they can be closed', async () => {
    const closed: string[] = []
    const services = new Services()
    services.set(token<'one', object>('one'), { close: () => closed.push('close') })
    services.set(token<'two', object>('two'), { [Symbol.dispose]: () => closed.push('dispose') })
    services.set(token<'three', object>('three'), {
      [Symbol.asyncDispose]: async () => {
        await Promise.resolve()
        closed.push('asyncDispose')
      },
      close: () => closed.push('not this one'),
    })
    services.set(token<'four', object>('four'), { close: () => closed.push('borrowed') }, { borrowed: true })
    await services[Symbol.asyncDispose]()
    await services.close()
    expect(closed).toEqual(['asyncDispose', 'dispose', 'close'])
    expect(() => services.set(Name, 'late')).toThrow(expect.objectContaining({ code: 'kernel/services-closed' }))
  })

  it('close once, under however many tokens they are provided', async () => {
    const closed: string[] = []
    const services = new Services()
    const store = { close: () => closed.push('store') }
    services.set(Box, store)
    services.set(Other, store)
    await services.close()
    expect(closed).toEqual(['store'])
  })

  it('close even when one of them fails to, and the failures are told', async () => {
    const closed: string[] = []
    const services = new Services()
    services.set(Box, { close: () => closed.push('first') })
    services.set(Other, {
      close() {
        throw new Error('stuck')
      },
    })
    await expect(services.close()).rejects.toThrow('1 of 2 services failed to close.')
    expect(closed).toEqual(['first'])
  })

  it('of a child context close with the application, before those of its parent', async () => {
    const closed: string[] = []
    const app = await createApp()
    app.services.set(Box, { close: () => closed.push('parent') })
    await app.register(async (child) => child.services.set(Other, { close: () => closed.push('child') }))
    await app.close()
    expect(closed).toEqual(['child', 'parent'])
  })
})

describe('slots', () => {
  const Words: Slot<string> = slot('words')
  const Notes: Slot<string> = slot('notes', { scope: 'context' })

  it('collect what plugins contribute, in order, from every context', async () => {
    const app = await createApp()
    app.services.add(Words, 'one')
    await app.register(async (child) => child.services.add(Words, 'two'))
    await app.ready()
    expect(app.services.all(Words)).toEqual(['one', 'two'])
    expect(app.services.all(slot('nobody'))).toEqual([])
    await app.close()
  })

  it('of a context are seen by that context and those below it', async () => {
    const app = await createApp()
    let inner: FastifyInstance | undefined
    app.services.add(Notes, 'outer')
    await app.register(async (child) => {
      inner = child
      child.services.add(Notes, 'inner')
    })
    await app.ready()
    expect(app.services.all(Notes)).toEqual(['outer'])
    expect(inner?.services.all(Notes)).toEqual(['outer', 'inner'])
    expect(inner?.services.own(Notes)).toEqual(['inner'])
    await app.close()
  })

  it('are read when they are complete and filled before', async () => {
    const app = await createApp()
    expect(() => app.services.all(Words)).toThrow(expect.objectContaining({ code: 'kernel/slot-not-ready' }))
    await app.ready()
    expect(() => app.services.add(Words, 'late')).toThrow(expect.objectContaining({ code: 'kernel/slot-closed' }))
    await app.close()
  })

  it('install once per context, at the first contribution', async () => {
    const contexts: FastifyInstance[] = []
    const Installed: Slot<number> = slot('installed', { scope: 'context', install: (app) => contexts.push(app) })
    const app = await createApp()
    app.services.add(Installed, 1)
    app.services.add(Installed, 2)
    await app.register(async (child) => child.services.add(Installed, 3))
    expect(contexts).toHaveLength(2)
    expect(contexts[0]).toBe(app)
    await app.close()
  })
})
