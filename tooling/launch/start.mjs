import { launch } from './launch.mjs'

await launch(process.env.COVET_START_ENTRY ?? 'apps/conduit/src/main.ts')
