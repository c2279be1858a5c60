import { startProcess, type TestProcess } from '@covet/testing'

/** An application of `apps/` as a process in production, and the port it listens on. */
export interface RunningApp extends AsyncDisposable {
  readonly process: TestProcess
  readonly port: number
  readonly url: string
}

export async function startApp(name: string, env: Readonly<Record<string, string>> = {}): Promise<RunningApp> {
  const process = await startProcess(new URL(`../apps/${name}.ts`, import.meta.url), {
    env: { NODE_ENV: 'production', ...env },
    ready: /Server listening at http:/,
  })
  const port = Number(/:(\d+)/.exec(/http:\S+:\d+/.exec(process.readyLine)?.[0] ?? '')?.[1])
  return { process, port, url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => process[Symbol.asyncDispose]() }
}

/** Lines of the application's log. */
export function logLines({ process }: RunningApp): readonly Record<string, unknown>[] {
  return process.stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}
