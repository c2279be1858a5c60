// Starts a process as a test would, says its pid, and dies without any cleanup.
import { startProcess } from '@covet/testing'

const child = await startProcess(new URL('child.mjs', import.meta.url), { args: ['ready', 'stay'], ready: /ready/ })
process.stdout.write(`${child.pid}\n`, () => process.kill(process.pid, 'SIGKILL'))
