import { definitions, isServiceName, serviceNames } from './definitions.ts'
import type { ServiceName } from './definition.ts'
import { messageOf, ServiceUnavailableError } from './errors.ts'
import { createServices, type Server } from './services.ts'

const services = createServices()

const commands: Record<string, (names: readonly ServiceName[]) => Promise<void>> = { start, stop, status, url }

async function start(names: readonly ServiceName[]): Promise<void> {
  await services.install(names)
  const outcomes = await Promise.allSettled(names.map((name) => services.server(name)))
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.status === 'fulfilled') console.log(describeServer(outcome.value))
    else report(names[index] ?? '', outcome.reason)
  }
}

async function stop(names: readonly ServiceName[]): Promise<void> {
  for (const name of names) {
    const stopped = await services.stop(name)
    console.log(`${name}: ${stopped ? `stopped process ${stopped.pid}` : 'was not running'}`)
  }
}

async function status(names: readonly ServiceName[]): Promise<void> {
  console.log(`noted in ${services.folder}`)
  for (const name of names) {
    const variable = definitions[name].environment.find((candidate) => process.env[candidate])
    const record = services.running(name)
    if (variable) console.log(`${name}: from ${variable}`)
    else if (record) console.log(describeServer({ service: name, url: record.url, origin: record }))
    else console.log(`${name}: not running${services.skipReason(name) ? ` (${services.skipReason(name)})` : ''}`)
  }
}

/** The server's own URL, nothing else: for `psql "$(npm run -s services url postgres)"`. */
async function url(names: readonly ServiceName[]): Promise<void> {
  for (const name of names) console.log((await services.server(name)).url)
}

function describeServer({ service, url: address, origin }: Server): string {
  return 'pid' in origin
    ? `${service}: ${address} (process ${origin.pid}, data in ${origin.folder})`
    : `${service}: from ${origin.variable}`
}

function report(name: string, error: unknown): void {
  process.exitCode = 1
  console.error(`${name}: ${messageOf(error)}`)
}

const [command = '', ...given] = process.argv.slice(2)
const unknown = given.filter((name) => !isServiceName(name))
const run = commands[command]
if (!run || unknown.length > 0 || (command === 'url' && given.length === 0)) {
  console.error(`usage: services start|stop|status|url [${serviceNames.join('|')}]`)
  process.exitCode = 2
} else {
  try {
    await run(given.length > 0 ? given.filter(isServiceName) : serviceNames)
  } catch (error) {
    if (!(error instanceof ServiceUnavailableError)) throw error
    report(error.service, error)
  }
}
