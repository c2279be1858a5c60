import { type Duration, toMilliseconds } from '@covet/core'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { type Direction, FaultLink, type Line } from './fault-link.ts'

export interface FaultProxyOptions {
  /** Where the real server listens. */
  port: number
  /** @default '127.0.0.1' */
  host?: string
}

const healthy: Omit<Line, 'changed'> = { latency: 0, bytesPerSecond: Infinity, held: new Set() }

interface Pair {
  readonly client: Socket
  readonly upstream: Socket
}

/**
 * A TCP proxy on 127.0.0.1 whose line can be made bad at run time, for connections that are open and those to come.
 * Faults add up until {@link FaultProxy.heal}.
 */
export class FaultProxy implements AsyncDisposable {
  readonly #server: Server
  readonly #target: Required<FaultProxyOptions>
  readonly #pairs = new Set<Pair>()
  #refuses = false
  #wake: () => void = () => undefined
  #line: Line

  private constructor(target: Required<FaultProxyOptions>) {
    this.#target = target
    this.#line = { ...healthy, changed: this.#nextChange() }
    // Half-open: an end that was closed may still be answered.
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#accept(client))
  }

  static async start({ port, host = '127.0.0.1' }: FaultProxyOptions): Promise<FaultProxy> {
    const proxy = new FaultProxy({ port, host })
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  /** Where to connect instead of to the real server, on 127.0.0.1. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Open connections. */
  get connections(): number {
    return this.#pairs.size
  }

  /** Every piece arrives this much later, each way. */
  delay(latency: Duration): void {
    this.#change({ latency: toMilliseconds(latency) })
  }

  /** Carries no more than so many bytes a second, each way and for each connection. */
  throttle(bytesPerSecond: number): void {
    this.#change({ bytesPerSecond })
  }

  /**
   * Nothing arrives any more, and nobody is told: a lost network. New connections are accepted. With `'response'` the
   * server gets the request and its answer is lost. What was on its way arrives when the line heals.
   */
  blackHole(direction: Direction | 'both' = 'both'): void {
    this.#change({ held: new Set<Direction>(direction === 'both' ? ['request', 'response'] : [direction]) })
  }

  /** Resets every open connection, at both ends. New ones work. */
  cut(): void {
    for (const { client, upstream } of this.#pairs) {
      client.resetAndDestroy()
      upstream.resetAndDestroy()
    }
  }

  /** The servers' ends of open connections are reset, the clients are not told: they find out when nothing answers. */
  halfOpen(): void {
    this.blackHole('response')
    for (const { upstream } of this.#pairs) upstream.resetAndDestroy()
  }

  /** New connections are reset at once. */
  refuse(): void {
    this.#refuses = true
  }

  /** A good line again. */
  heal(): void {
    this.#refuses = false
    this.#change(healthy)
    for (const { client, upstream } of this.#pairs) if (upstream.destroyed) client.resetAndDestroy()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.cut()
    this.heal()
    await closed
  }

  #accept(client: Socket): void {
    if (this.#refuses) {
      client.resetAndDestroy()
      return
    }
    const { port, host } = this.#target
    const upstream = connect({ port, host, allowHalfOpen: true, noDelay: true })
    const pair = { client, upstream }
    const line = (): Line => this.#line
    this.#pairs.add(pair)
    new FaultLink('request', client, upstream, line)
    new FaultLink('response', upstream, client, line)
    client.on('error', ignore).on('close', (hadError) => this.#closed(pair, upstream, hadError, 'request'))
    upstream.on('error', ignore).on('close', (hadError) => this.#closed(pair, client, hadError, 'response'))
  }

  /** One end is gone: so is the other, unless the line keeps the news from it. */
  #closed(pair: Pair, other: Socket, hadError: boolean, direction: Direction): void {
    const isNewsHeld = this.#line.held.has(direction)
    if (hadError && !isNewsHeld && !other.destroyed) other.resetAndDestroy()
    if (pair.client.destroyed && pair.upstream.destroyed) this.#pairs.delete(pair)
  }

  #change(change: Partial<Omit<Line, 'changed'>>): void {
    const wake = this.#wake
    this.#line = { ...this.#line, ...change, changed: this.#nextChange() }
    wake()
  }

  #nextChange(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#wake = resolve
    return promise
  }
}

/** Puts a {@link FaultProxy} before a server. */
export function faultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  return FaultProxy.start(options)
}

/** A reset is what the proxy is for; 'close' follows and is handled. */
function ignore(): void {}
