import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ConfigFile, ModuleContext } from './options.ts'
import type { Report } from './report.ts'

/** Settings as one source gives them, unchecked. */
export interface Layer {
  readonly source: string
  readonly value: unknown
}

type Reader = (path: string, context: ModuleContext) => Promise<unknown>

const readers: Readonly<Record<string, Reader>> = {
  '.json': readJson,
  '.ts': importModule,
  '.mts': importModule,
  '.js': importModule,
  '.mjs': importModule,
}

export async function readFiles(
  files: readonly Required<ConfigFile>[],
  root: string,
  context: ModuleContext,
  report: Report,
): Promise<readonly Layer[]> {
  const layers: Layer[] = []
  // One after the other: the report lists them in this order.
  for (const file of files) {
    const layer = await readConfigFile(file, root, context, report)
    if (layer) layers.push(layer)
  }
  return layers
}

async function readConfigFile(
  { path, optional }: Required<ConfigFile>,
  root: string,
  context: ModuleContext,
  report: Report,
): Promise<Layer | undefined> {
  const file = resolve(root, path)
  if (!existsSync(file)) {
    if (!optional) refuse(path, 'does not exist. Create it, or list it as { path, optional: true }.', report)
    return undefined
  }
  const read = readers[extname(path)]
  if (!read) return refuse(path, `must end in ${Object.keys(readers).join(', ')}.`, report)
  try {
    return { source: path, value: await read(file, context) }
  } catch (error) {
    return refuse(path, `cannot be read: ${error instanceof Error ? error.message : String(error)}`, report)
  }
}

function refuse(source: string, message: string, report: Report): undefined {
  report.add({ fact: 'unreadable', path: '', source, message })
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8')
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    // Only the place: the parser's message quotes the text around it, which may be a secret.
    const place = /\(line \d+ column \d+\)/.exec((error as SyntaxError).message)?.[0]
    throw new SyntaxError(`it is not valid JSON${place === undefined ? '' : ` ${place}`}.`)
  }
}

async function importModule(path: string, context: ModuleContext): Promise<unknown> {
  const { default: exported } = (await import(pathToFileURL(path).href)) as { default?: unknown }
  if (exported === undefined)
    throw new TypeError('it must have a default export, the settings or a function of { mode } that returns them.')
  return typeof exported === 'function' ? (exported as (context: ModuleContext) => unknown)(context) : exported
}
