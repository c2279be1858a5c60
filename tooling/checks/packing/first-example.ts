import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { runNode, tools } from '../process.ts'
import type { Finding } from '../report.ts'
import { importsOf, packageOf } from '../syntax.ts'
import { readText, workspaceRoot } from '../workspace.ts'
import { install, tarballOf, type Consumer } from './consumer.ts'
import type { Tarball } from './pack.ts'

/** The first program of a document, and the request its reader is told to make. */
export interface Example {
  readonly program: string
  /** The URL after `curl`. */
  readonly url: string
  /** The line that answers it. */
  readonly answer: string
}

/** The port the documents print, replaced by a free one when an example is run. */
const printedPort = 3000

/** Reads the first `ts` block and the first `curl` of a document; nothing when either is missing. */
export function readExample(markdown: string): Example | undefined {
  const program = /^```ts\n(?<program>[\s\S]*?)^```$/m.exec(markdown)?.groups?.['program']
  const asked = /^\$ curl '?(?<url>[^\s']+)'?\n(?<answer>.+)$/m.exec(markdown)?.groups
  return program && asked ? { program, url: asked['url'] as string, answer: asked['answer'] as string } : undefined
}

/** The README's first example, pasted into an empty project with packed tarballs, answers as the README says and stops when told. */
export async function checkFirstExample(root: string, consumer: Consumer): Promise<Finding[]> {
  const where = 'README.md'
  const example = readExample(readText(join(root, where)))
  if (example === undefined) return [{ where, what: 'needs a first ```ts example and a `$ curl URL` with its answer on the next line' }]
  const failure = await install(consumer, dependenciesOf(example.program, consumer.tarballs))
  if (failure !== undefined) return [{ where, what: `its first example ${failure}` }]
  const what = await runExample(example, consumer.folder)
  return what === undefined ? [] : [{ where, what }]
}

/** What the program imports, and the peers those packages ask the application for. */
function dependenciesOf(program: string, tarballs: readonly Tarball[]): Record<string, string> {
  const imported = [...new Set(importsOf(program).map(packageOf))].filter((name) => name !== undefined)
  const peers = tarballs
    .filter(({ pkg }) => imported.includes(pkg.name))
    .flatMap(({ pkg }) => Object.entries(pkg.manifest.peerDependencies ?? {}))
  const wanted = [...imported.map((name) => [name, '*'] as const), ...peers]
  return Object.fromEntries(wanted.map(([name, range]) => [name, tarballOf(name, tarballs) ?? range]))
}

async function runExample({ program, url, answer }: Example, folder: string): Promise<string | undefined> {
  const port = await freePort()
  writeFileSync(join(folder, 'app.ts'), program.replaceAll(String(printedPort), String(port)))
  const types = await runNode([tools.tsc, ...compilerOptions, 'app.ts'], { cwd: folder })
  if (types.code !== 0) return `its first example does not compile\n${types.stdout}`
  const child = spawn(process.execPath, ['app.ts'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const ended = once(child, 'close')
  const got = await firstAnswer(url.replace(String(printedPort), String(port)), child)
  child.kill('SIGTERM')
  const [code] = (await ended) as [number | null]
  if (got !== answer) return `its first example answers ${got ?? 'nothing'} instead of ${answer}\n${output}`
  return code === 0 ? undefined : `its first example ends with ${code} on SIGTERM\n${output}`
}

/** As a stranger would compile: strict, against the published declarations. */
const compilerOptions = ['--ignoreConfig', '--noEmit', '--strict', '--skipLibCheck', '--target', 'es2024', '--module', 'nodenext'].concat([
  '--typeRoots',
  join(workspaceRoot, 'tooling/node_modules/@types'),
  '--types',
  'node',
])

/** Asks until the program listens; nothing when it ends first or stays silent for 15 seconds. */
async function firstAnswer(url: string, child: ChildProcess): Promise<string | undefined> {
  const deadline = Date.now() + 15_000
  while (child.exitCode === null && Date.now() < deadline) {
    const response = await fetch(url.startsWith('http') ? url : `http://${url}`).catch(() => undefined)
    if (response !== undefined) return response.text()
    await delay(50)
  }
  return undefined
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
