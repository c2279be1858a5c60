import { fileURLToPath } from 'node:url'

// One configuration for the whole workspace; a package runs it with `--rootDir .`.
/** @type {import('jest').Config} */
export default {
  testMatch: ['**/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/.covet/'],
  modulePathIgnorePatterns: ['/dist/', '/.covet/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'esnext', parser: { syntax: 'typescript' }, experimental: { keepImportAttributes: true } },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  testEnvironment: 'node',
  reporters: ['default', fileURLToPath(new URL('tooling/launch/skipped-reporter.ts', import.meta.url))],
  // Two cores run tests beside child processes, databases and a compiler: patience is not what is tested.
  testTimeout: 60_000,
  collectCoverageFrom: ['**/src/**/*.ts'],
  coverageProvider: 'v8',
  coveragePathIgnorePatterns: ['/node_modules/', '/dist/', '/test/'],
}
