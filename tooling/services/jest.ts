import { afterAll, beforeAll, describe, it } from '@jest/globals'
import type { CleanSpace, ServiceName } from './definition.ts'
import { ServiceUnavailableError } from './errors.ts'
import { service, skipReason, start } from './index.ts'

// The first test of a machine may install a server.
const firstStartMs = 10 * 60_000

/**
 * `describe` for tests that need a server. `open` gives a clean space at each call; all are dropped after the last test.
 * Without a server the tests are skipped by name, with the command that helps in the name; in CI the suite fails instead.
 */
export function describeWith(name: ServiceName, title: string, body: (open: () => Promise<CleanSpace>) => void): void {
  describeWhere(name, title, () => withServer(name, body))
}

/** The same for tests that start the server themselves. */
export function describeWhere(name: ServiceName, title: string, body: () => void): void {
  const reason = skipReason(name)
  const { skip } = describe
  if (!reason) describe(title, body)
  else if (isCi(process.env)) describe(title, () => it(`finds ${name}`, () => fail(name, reason)))
  else skip(`${title} (${reason})`, body)
}

/**
 * For a server that is not to be had on most machines: the tests run where the variable names one, with its URL, and are
 * skipped by name elsewhere, in CI too.
 */
export function describeWithUrl(variable: string, title: string, body: (url: string) => void): void {
  const { skip } = describe
  const url = process.env[variable]
  if (url) describe(title, () => body(url))
  else skip(`${title} (set ${variable} to the URL of one)`, () => body(''))
}

function withServer(name: ServiceName, body: (open: () => Promise<CleanSpace>) => void): void {
  const spaces: CleanSpace[] = []
  const open = async (): Promise<CleanSpace> => {
    const space = await service(name)
    spaces.push(space)
    return space
  }
  beforeAll(() => start(name), firstStartMs)
  afterAll(async () => {
    await Promise.all(spaces.map((space) => space.drop()))
  })
  body(open)
}

function fail(name: ServiceName, reason: string): never {
  throw new ServiceUnavailableError(name, reason)
}

function isCi({ CI }: NodeJS.ProcessEnv): boolean {
  return CI !== undefined && CI !== '' && CI !== 'false' && CI !== '0'
}
