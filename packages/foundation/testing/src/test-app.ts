import { type AnyPlugin, type App, type AppOptions, createApp, type Override } from '@covet/core'
import type { FastifyInstance } from 'fastify'
import { httpClient, type HttpClient } from './client.ts'

export interface TestApp<A extends FastifyInstance = App> extends AsyncDisposable {
  readonly app: A
  /** A visitor: in the process, or over a socket when the application listens. */
  readonly client: HttpClient
  /** Another visitor, with cookies of its own. */
  newClient(headers?: Readonly<Record<string, string>>): HttpClient
  /** Where it listens, such as `http://127.0.0.1:41234`; empty when it does not. */
  readonly url: string
  close(): Promise<void>
}

export interface TestAppOptions {
  /** Listens on a free port of 127.0.0.1; else requests are answered in the process. @default false */
  listen?: boolean
}

/**
 * An application for a test, in test mode unless it says otherwise: `await using test = await testApp({ plugins, override })`,
 * or `testApp(() => createApp(…))`, or of a plain Fastify application. It is closed at the end of the block.
 */
export async function testApp<A extends FastifyInstance>(boot: () => A | Promise<A>, options?: TestAppOptions): Promise<TestApp<A>>
export async function testApp<const P extends readonly AnyPlugin[], const O extends readonly Override[] = []>(
  app: AppOptions<P, O>,
  options?: TestAppOptions,
): Promise<TestApp>
export async function testApp(
  boot: (() => FastifyInstance | Promise<FastifyInstance>) | AppOptions<readonly AnyPlugin[], readonly Override[]>,
  { listen = false }: TestAppOptions = {},
): Promise<TestApp<FastifyInstance>> {
  const app = typeof boot === 'function' ? await boot() : await createApp({ mode: 'test', ...boot })
  const url = listen ? await app.listen({ port: 0, host: '127.0.0.1' }) : ''
  await app.ready()
  const newClient = (headers: Readonly<Record<string, string>> = {}): HttpClient => httpClient(listen ? url : app, { headers })
  const close = async (): Promise<void> => {
    await app.close()
  }
  return { app, url, client: newClient(), newClient, close, [Symbol.asyncDispose]: close }
}
