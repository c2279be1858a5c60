import type { FastifyInstance, FastifyRequest } from 'fastify'
import { slot, type Slot } from './slot.ts'

/** Says whether something the application depends on works. */
export interface HealthCheck {
  name: string
  /** The application is not ready while a required check fails; otherwise it is degraded. @default true */
  required?: boolean
  /** Throws, or rejects, when it does not work. Has to stop when `signal` aborts. */
  check(signal: AbortSignal): void | Promise<void>
}

/** Filled by stores and clients, read by health endpoints. */
export const HealthChecks: Slot<HealthCheck> = slot('health checks')

/** A command of the application's command line. */
export interface Command {
  name: string
  description: string
  run(args: readonly string[], app: FastifyInstance): void | Promise<void>
}

/** Filled by plugins and applications, read by the command line. */
export const Commands: Slot<Command> = slot('commands')

/** Something a deployment check found. */
export interface DeployFinding {
  /** Permanent, e.g. `C004`. */
  id: string
  severity: 'error' | 'warning' | 'note'
  /** What is wrong and what to do. */
  message: string
}

/** Finds what should not be deployed as it is. */
export type DeployCheck = (app: FastifyInstance) => readonly DeployFinding[]

/** Filled by whatever offers a relaxation, read by `covet check --deploy`. */
export const DeployFindings: Slot<DeployCheck> = slot('deploy findings')

/** The answer a mapper gives instead of a problem document. */
export interface MappedError {
  statusCode: number
  body: unknown
  /** @default 'application/json; charset=utf-8' */
  contentType?: string
  headers?: Readonly<Record<string, string>>
}

/** Turns an error into an application's own shape, or leaves it to the next by returning nothing. */
export type ErrorMapper = (error: unknown, request: FastifyRequest) => MappedError | undefined

/** Mappers of a context serve that context and its children; the innermost is asked first. */
export const ErrorMappers: Slot<ErrorMapper> = slot('error mappers', { scope: 'context' })
