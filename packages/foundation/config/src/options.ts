import { type Mode, modeOf } from '@covet/core'
import type { TSchema } from 'typebox'

/** What the default export of a configuration module may be called with. */
export interface ModuleContext {
  readonly mode: Mode
}

export interface ConfigFile {
  /** `.json`, or a module: `.ts`, `.mts`, `.js`, `.mjs`. */
  path: string
  /** The file may be absent. @default false */
  optional?: boolean
}

export interface LoadConfigOptions<S extends TSchema> {
  /** An object of settings, nested as you like. Its defaults are the weakest source. */
  schema: S
  /** Files below `root`; a later one wins. @default [] */
  files?: readonly (string | ConfigFile)[]
  /** Where `files` and `.env` files are. @default process.cwd() */
  root?: string
  /** Reads `.env`, `.env.local` (not in test mode) and `.env.<mode>`, where they exist. @default true */
  dotenv?: boolean
  /** The strongest source. @default process.env */
  env?: Readonly<Record<string, string | undefined>>
  /** Put before every variable name made from a path: `'BLOG_'` makes `BLOG_PORT`. @default '' */
  prefix?: string
  /** @default NODE_ENV of `env`: absent is development; a name other than development and test is production */
  mode?: Mode
}

export type ResolvedLoadConfigOptions<S extends TSchema> = Required<LoadConfigOptions<S>> & {
  readonly files: readonly Required<ConfigFile>[]
}

export function resolveLoadConfigOptions<S extends TSchema>({
  schema,
  files = [],
  root = process.cwd(),
  dotenv = true,
  env = process.env,
  prefix = '',
  mode = modeOf(env),
}: LoadConfigOptions<S>): ResolvedLoadConfigOptions<S> {
  const resolvedFiles = files.map((file) => ({ optional: false, ...(typeof file === 'string' ? { path: file } : file) }))
  return { schema, files: resolvedFiles, root, dotenv, env, prefix, mode }
}
