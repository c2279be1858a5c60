// What a test's process does is said by its arguments.
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { Worker } from 'node:worker_threads'

const [, , ...actions] = process.argv
const act = {
  ready: () => console.log('ready on 4711'),
  args: () => console.log(JSON.stringify(process.argv.slice(2))),
  env: () => console.log(JSON.stringify({ mode: process.env.NODE_ENV, options: process.env.NODE_OPTIONS, own: process.env.OWN })),
  warn: () => console.error('a warning'),
  partial: () => process.stdout.write('no line break'),
  stay: () => setInterval(() => undefined, 1_000),
  deaf: () => process.on('SIGTERM', () => console.log('I heard you')),
  fail: () => process.exit(3),
  // A thread begins, ends, and leaves what the process has open as it is.
  thread: async () => {
    const thread = new Worker('setInterval(() => undefined, 1_000)', { eval: true })
    await once(thread, 'online')
    await thread.terminate()
    console.log(`kept ${existsSync('/proc/self/fd/3')}`)
  },
  exec: () => console.log(process.execPath),
}
for (const action of actions) act[action]()
