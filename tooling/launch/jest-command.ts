/** What Node needs to run Jest here, with whatever starts it. */
export const jestFlags: readonly string[] = [
  '--experimental-vm-modules',
  // V8's baseline compiler can leave a pointer on the stack that a collection then follows: with the contexts that Jest makes and
  // drops, now and then a worker ends with SIGSEGV (nodejs/node#62393, Node 24 and 26).
  '--no-sparkplug',
]

/** The `test` script of the workspace folder at `path`, such as `packages/http/router`: Jest for that folder, with the root's settings. */
export function testCommand(path: string): string {
  const root = path.replaceAll(/[^/\\]+/g, '..').replaceAll('\\', '/')
  return ['node', ...jestFlags, `${root}/node_modules/jest/bin/jest.js`, `--config ${root}/jest.config.js --rootDir .`].join(' ')
}
