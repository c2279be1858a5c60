import { launch } from './launch.mjs'

await launch('tooling/services/cli.ts')
