import { launch } from './launch.mjs'

await launch('tooling/launch/test.ts')
