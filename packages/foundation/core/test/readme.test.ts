import { describe, expect, it } from '@jest/globals'
import { createApp, plugin, token, type Plugin, type Token } from '../src/index.ts'

interface Greeter {
  greet(name: string): string
}
const Greeter: Token<'greeter', Greeter> = token('greeter')

const greeter = (greeting: string): Plugin<never, 'greeter'> =>
  plugin({
    name: 'greeter',
    provides: { greeter: Greeter },
    setup: () => ({ greeter: { greet: (name) => `${greeting}, ${name}!` } }),
  })

const routes: Plugin<'greeter'> = plugin({
  name: 'routes',
  needs: { greeter: Greeter },
  setup(app, { greeter }) {
    app.get<{ Params: { name: string } }>('/hello/:name', async (request) => ({ message: greeter.greet(request.params.name) }))
  },
})

describe('the example of the README', () => {
  it('greets over a socket', async () => {
    const app = await createApp({ plugins: [routes, greeter('Hello')] })
    const url = await app.listen({ port: 0 })
    const response = await fetch(`${url}/hello/Ada`)
    expect(await response.json()).toEqual({ message: 'Hello, Ada!' })
    await app.close()
  })
})
