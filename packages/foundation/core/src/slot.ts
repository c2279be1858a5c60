import type { FastifyInstance } from 'fastify'

declare const type: unique symbol

/** A list that many plugins contribute to and one reads. */
export interface Slot<T = unknown> {
  readonly name: string
  readonly key: symbol
  /** `app`: one list for the whole application. `context`: a Fastify context sees its own and its parents' contributions. */
  readonly scope: 'app' | 'context'
  /** Runs once per context, at the first contribution to it: what a slot costs on the request path is paid only where it is used. */
  readonly install?: (app: FastifyInstance) => void
  readonly [type]?: T
}

export interface SlotOptions {
  /** @default 'app' */
  scope?: 'app' | 'context'
  /** Called with the Fastify context at the first contribution made in it. */
  install?: (app: FastifyInstance) => void
}

export function slot<T>(name: string, { scope = 'app', install }: SlotOptions = {}): Slot<T> {
  return { name, key: Symbol.for(`covet.slot.${name}`), scope, ...(install && { install }) }
}
