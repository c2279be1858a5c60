import { startProcess, type TestProcess } from '@covet/testing'

export const contenders = ['covet', 'fastify'] as const
export type Contender = (typeof contenders)[number]

export interface Server extends AsyncDisposable {
  readonly process: TestProcess
  readonly url: string
  readonly port: number
}

export async function start(contender: Contender, env: Readonly<Record<string, string>> = {}): Promise<Server> {
  const process = await startProcess(new URL(`contenders/${contender}.ts`, import.meta.url), {
    env: { NODE_ENV: 'production', ...env },
    ready: /^listening at /,
  })
  const url = process.readyLine.slice('listening at '.length)
  return { process, url, port: Number(new URL(url).port), [Symbol.asyncDispose]: () => process[Symbol.asyncDispose]() }
}
