import { describe, expect, it } from '@jest/globals'
import fastify from 'fastify'
import {
  AppMode,
  createApp,
  LifecycleToken,
  plugin,
  pluginsOf,
  stages,
  token,
  type AnyPlugin,
  type Plugin,
  type Stage,
  type Token,
} from '../src/index.ts'

interface Clock {
  now(): number
}
const Clock: Token<'clock', Clock> = token('clock')
const Diary: Token<'diary', { entries: string[] }> = token('diary')
const Letters: Token<'letters', string> = token('letters')

const clock = (): Plugin<never, 'clock'> =>
  plugin({ name: 'clock', provides: { clock: Clock }, setup: () => ({ clock: { now: () => 7 } }) })
const diary = (): Plugin<'clock', 'diary'> =>
  plugin({
    name: 'diary',
    needs: { clock: Clock },
    optional: { letters: Letters },
    provides: { diary: Diary },
    setup: (_app, { clock, letters }) => ({ diary: { entries: [`at ${clock.now()}`, letters ?? 'no letters'] } }),
  })

/** A list the compiler knows nothing about, so that the boot has to check it. */
const unchecked = (...plugins: AnyPlugin[]): AnyPlugin[] => plugins

const staged = (name: string, stage: Stage, order: string[], needs: Record<string, Token<string, string>> = {}): AnyPlugin =>
  plugin({ name, stage, needs, setup: () => void order.push(name) })

describe('the plugin graph', () => {
  it('sets a plugin up after what it needs, in whatever order they are given', async () => {
    const app = await createApp({ plugins: [diary(), clock()] })
    expect(app.services.get(Diary).entries).toEqual(['at 7', 'no letters'])
    expect(pluginsOf(app).map(({ name }) => name)).toEqual(['clock', 'diary'])
  })

  it('hands over an optional service when some plugin provides it, and sets that one up first', async () => {
    const letters: Plugin<never, 'letters'> = plugin({
      name: 'letters',
      provides: { letters: Letters },
      setup: () => ({ letters: 'three letters' }),
    })
    const app = await createApp({ plugins: [diary(), letters, clock()] })
    expect(app.services.get(Diary).entries).toEqual(['at 7', 'three letters'])
  })

  it('names the need that nobody provides, and the plugin that has it', async () => {
    await expect(createApp({ plugins: unchecked(diary()) as [] })).rejects.toMatchObject({
      code: 'kernel/missing-service',
      message: "diary needs 'clock', which no plugin provides.",
    })
  })

  it('says what to install for a service of a known package', async () => {
    const Sessions: Token<'sessions', object> = token('sessions')
    const needy = plugin({ name: 'cart', needs: { sessions: Sessions }, setup: () => {} })
    await expect(createApp({ plugins: unchecked(needy) as [] })).rejects.toThrow(
      "cart needs 'sessions', which no plugin provides. Add session() from @covet/session.",
    )
  })

  it('refuses two providers of one service', async () => {
    const other = plugin({ name: 'sundial', provides: { clock: Clock }, setup: () => ({ clock: { now: () => 1 } }) })
    await expect(createApp({ plugins: [clock(), other] })).rejects.toMatchObject({
      code: 'kernel/duplicate-service',
      message: "'clock' is provided by both clock and sundial. Keep one of them.",
    })
  })

  it('refuses a cycle and prints its path', async () => {
    const A: Token<'a', string> = token('a')
    const B: Token<'b', string> = token('b')
    const a = plugin({ name: 'hen', needs: { b: B }, provides: { a: A }, setup: () => ({ a: '' }) })
    const b = plugin({ name: 'egg', needs: { a: A }, provides: { b: B }, setup: () => ({ b: '' }) })
    await expect(createApp({ plugins: [a, b] })).rejects.toMatchObject({
      code: 'kernel/plugin-cycle',
      message: expect.stringContaining('hen -> egg -> hen'),
    })
  })

  it('refuses the same plugin twice, unless it may be there more than once', async () => {
    await expect(createApp({ plugins: unchecked(clock(), clock()) as [] })).rejects.toMatchObject({ code: 'kernel/duplicate-plugin' })
    const order: string[] = []
    const many = (name: string): AnyPlugin => plugin({ name: 'many', multiple: true, setup: () => void order.push(name) })
    await createApp({ plugins: [many('first'), many('second')] })
    expect(order).toEqual(['first', 'second'])
  })

  it('closes what earlier plugins opened when a later one fails', async () => {
    const closed: string[] = []
    const Store: Token<'store', object> = token('store')
    const store = plugin({ name: 'store', provides: { store: Store }, setup: () => ({ store: { close: () => closed.push('store') } }) })
    const broken = plugin({
      name: 'broken',
      needs: { store: Store },
      setup() {
        throw new Error('cannot start')
      },
    })
    await expect(createApp({ plugins: [store, broken] })).rejects.toThrow('cannot start')
    expect(closed).toEqual(['store'])
  })

  it('takes what every application provides as needs', async () => {
    const seen: string[] = []
    const health: Plugin<'lifecycle' | 'mode'> = plugin({
      name: 'health',
      needs: { lifecycle: LifecycleToken, mode: AppMode },
      setup: (_app, { lifecycle, mode }) => void seen.push(lifecycle.state, mode),
    })
    await createApp({ plugins: [health] })
    expect(seen).toEqual(['starting', 'test'])
  })

  it('prepares what a service relies on before its provider is set up', async () => {
    const order: string[] = []
    const Prepared: Token<'prepared', number> = token('prepared', { install: () => order.push('install') })
    const provider = plugin({
      name: 'provider',
      provides: { prepared: Prepared },
      setup() {
        order.push('setup')
        return { prepared: 1 }
      },
    })
    await createApp({ plugins: [provider] })
    await createApp({ override: [[Prepared, 2]] })
    expect(order).toEqual(['install', 'setup', 'install'])
  })

  it('refuses a setup that does not return what the plugin provides', async () => {
    const forgetful = plugin({ name: 'forgetful', provides: { clock: Clock }, setup: () => ({}) as { clock: Clock } })
    await expect(createApp({ plugins: [forgetful] })).rejects.toMatchObject({ code: 'kernel/service-not-returned' })
  })

  it('runs stages in the order of concerns, whatever order they are given in', async () => {
    const order: string[] = []
    const plugins = stages.map((stage) => staged(stage, stage, order))
    await createApp({ plugins: [...plugins].reverse() })
    expect(order).toEqual([...stages])
  })

  it('refuses a stage that comes before the stage of a need, also through a plugin in between', async () => {
    const Session: Token<'late', string> = token('late')
    const Bridge: Token<'bridge', string> = token('bridge')
    const session = plugin({ name: 'session', stage: 'session', provides: { late: Session }, setup: () => ({ late: '' }) })
    const bridge = plugin({ name: 'bridge', needs: { late: Session }, provides: { bridge: Bridge }, setup: () => ({ bridge: '' }) })
    const cors = plugin({ name: 'cors', stage: 'cors', needs: { bridge: Bridge }, setup: () => {} })
    await expect(createApp({ plugins: [cors, bridge, session] })).rejects.toMatchObject({
      code: 'kernel/stage-contradiction',
      message: expect.stringContaining("cors runs at stage 'cors' but needs session, which runs later, at 'session'"),
    })
  })

  it('swaps a service for a test, before anybody has used it', async () => {
    const app = await createApp({ plugins: [diary(), clock()], override: [[Clock, { now: () => 1_000 }]] })
    expect(app.services.get(Diary).entries[0]).toBe('at 1000')
  })

  it('counts an override as a provider', async () => {
    const app = await createApp({ plugins: [diary()], override: [[Clock, { now: () => 5 }]] })
    expect(app.services.get(Diary).entries[0]).toBe('at 5')
  })
})

describe('the same plugins in plain Fastify', () => {
  it('find their needs among what was registered before', async () => {
    const app = fastify()
    await app.register(clock())
    await app.register(diary())
    expect(app.services.get(Diary).entries).toEqual(['at 7', 'no letters'])
    await app.close()
  })

  it('say what is missing, in the same words', async () => {
    const app = fastify()
    await expect(app.register(diary())).rejects.toMatchObject({
      code: 'kernel/missing-service',
      message: "diary needs 'clock', which no plugin provides.",
    })
  })

  it('refuse a second provider and a second registration', async () => {
    const twice = fastify()
    await twice.register(clock())
    await expect(twice.register(clock())).rejects.toMatchObject({ code: 'kernel/duplicate-plugin' })
    const two = fastify()
    await two.register(clock())
    const sundial = plugin({ name: 'sundial', provides: { clock: Clock }, setup: () => ({ clock: { now: () => 1 } }) })
    await expect(two.register(sundial)).rejects.toMatchObject({ code: 'kernel/duplicate-service' })
  })
})
