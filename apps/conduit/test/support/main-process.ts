import type { TestProcess } from '@covet/testing'

export const mainScript: URL = new URL('../../src/main.ts', import.meta.url)

/** Where main.ts said its home page is. */
export function urlOf({ stdout }: TestProcess): string {
  const url = /Home page\s+(\S+)/.exec(stdout)?.[1]
  if (url === undefined) throw new Error(`No URL in:\n${stdout}`)
  return url
}
