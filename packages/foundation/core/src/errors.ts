import type { Stage } from './stage.ts'

export interface CovetErrorOptions {
  /** HTTP status of the answer. @default 500 */
  statusCode?: number
  /** What led here; logged, never sent. */
  cause?: unknown
  /** Headers of the answer, e.g. `retry-after`. */
  headers?: Readonly<Record<string, string>>
  /** Members added to the problem document (RFC 9457 §3.2). */
  extensions?: Readonly<Record<string, unknown>>
}

/**
 * The base of every Covet error. The `code` has the form `area/fact`, is permanent, and is the problem's `code`.
 * The message of an error below 500 is sent to the client as `detail`; above, it is only logged.
 */
export class CovetError extends Error {
  readonly code: string
  readonly statusCode: number
  declare readonly headers?: Readonly<Record<string, string>>
  declare readonly extensions?: Readonly<Record<string, unknown>>

  constructor(code: string, message: string, { statusCode = 500, cause, headers, extensions }: CovetErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = new.target.name
    this.code = code
    this.statusCode = statusCode
    if (headers) this.headers = headers
    if (extensions) this.extensions = extensions
  }
}

/** As with tokens: a second copy of this package knows the errors of the first. */
const kCovetError = Symbol.for('covet.error')
Object.defineProperty(CovetError.prototype, kCovetError, { value: true })

export function isCovetError(value: unknown): value is CovetError {
  return typeof value === 'object' && value !== null && kCovetError in value
}

/** An option of Fastify that `createApp` decides itself. */
export class UnsupportedOptionError extends CovetError {
  constructor(option: string) {
    super('kernel/unsupported-option', `createApp decides '${option}' itself. Leave it out, or use plain Fastify with Covet's plugins.`)
  }
}

/** A plugin needs a service that no plugin provides, or `get` was asked for one that is not there. */
export class MissingServiceError extends CovetError {
  constructor(service: string, neededBy?: string) {
    super(
      'kernel/missing-service',
      neededBy === undefined
        ? `No service '${service}' here. Register the plugin that provides it first, or use find() when it is optional.`
        : `${neededBy} needs '${service}', which no plugin provides.${suggestion(service)}`,
    )
  }
}

/** Two plugins provide one service, or a service was set twice in one context. */
export class DuplicateServiceError extends CovetError {
  constructor(service: string, providers?: readonly [string, string]) {
    super(
      'kernel/duplicate-service',
      providers
        ? `'${service}' is provided by both ${providers[0]} and ${providers[1]}. Keep one of them.`
        : `'${service}' is already provided in this context. Provide it once, or in a child context.`,
    )
  }
}

/** Plugins need each other in a circle. */
export class PluginCycleError extends CovetError {
  constructor(path: readonly string[]) {
    super('kernel/plugin-cycle', `Plugins need each other in a circle: ${path.join(' -> ')}. Break it with a slot.`)
  }
}

/** One plugin was registered twice without `multiple: true`. */
export class DuplicatePluginError extends CovetError {
  constructor(plugin: string) {
    super(
      'kernel/duplicate-plugin',
      `${plugin} is registered twice in one context. Remove one, or declare \`multiple: true\` in the plugin.`,
    )
  }
}

/** A plugin's stage comes before that of a plugin whose service it needs. */
export class StageContradictionError extends CovetError {
  constructor(plugin: string, stage: Stage, dependency: string, dependencyStage: Stage) {
    super(
      'kernel/stage-contradiction',
      `${plugin} runs at stage '${stage}' but needs ${dependency}, which runs later, at '${dependencyStage}'. Move one of them, or drop the need.`,
    )
  }
}

/** `setup` did not return a service that the plugin declares in `provides`. */
export class ServiceNotReturnedError extends CovetError {
  constructor(plugin: string, service: string) {
    super('kernel/service-not-returned', `${plugin} declares that it provides '${service}', but its setup did not return it.`)
  }
}

/** A slot was read before the application was ready, when contributions may still come. */
export class SlotNotReadyError extends CovetError {
  constructor(slot: string) {
    super('kernel/slot-not-ready', `The slot '${slot}' is complete from onReady on. Read it in an onReady hook or later.`)
  }
}

/** A slot was contributed to after the application was ready. */
export class SlotClosedError extends CovetError {
  constructor(slot: string) {
    super('kernel/slot-closed', `The slot '${slot}' is closed: contribute to it in a plugin's setup, before the application is ready.`)
  }
}

/** A request-scoped service was asked for outside a request's services. */
export class RequestServiceError extends CovetError {
  constructor(service: string) {
    super(
      'kernel/request-service',
      `'${service}' is a service with no request resolver here. A provider of a request token returns a factory (request) => service.`,
    )
  }
}

/** Services were used after they were closed. */
export class ServicesClosedError extends CovetError {
  constructor() {
    super('kernel/services-closed', 'The services of this scope are already closed.')
  }
}

function suggestion(service: string): string {
  const known = providers[service]
  return known ? ` Add ${known.call} from ${known.package}.` : ''
}

/** The plugin that usually provides a service of Covet's own packages, for error messages. */
const providers: Readonly<Record<string, { call: string; package: string }>> = {
  cookies: { call: 'cookies()', package: '@covet/cookies' },
  database: { call: 'sqlite({ file })', package: '@covet/sqlite' },
  jwt: { call: 'jwt({ … })', package: '@covet/jwt' },
  password: { call: 'password()', package: '@covet/password' },
  router: { call: 'router()', package: '@covet/router' },
  sessions: { call: 'session()', package: '@covet/session' },
}
