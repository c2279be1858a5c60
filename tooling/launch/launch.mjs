import { existsSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { install } from './install.mjs'
import { chooseNode } from './node-version.mjs'
import { run } from './run.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')

/**
 * The first stage of every root command. It runs on any Node from 20 on and has no dependencies: it installs what is
 * missing, then starts the script with the workspace's Node and ends as the script ends.
 * @param {string} script relative to the checkout
 * @param {string[]} args
 */
export async function launch(script, args = process.argv.slice(2)) {
  try {
    process.exitCode = await prepareAndRun(script, args)
  } catch (error) {
    say(error.message)
    process.exitCode = error.exitCode ?? 1
  }
}

/**
 * @param {string} script
 * @param {string[]} args
 */
async function prepareAndRun(script, args) {
  const { engines, packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const minimum = engines.node.replace('>=', '')
  const node = chooseNode({ root, minimum })
  if (!node) throw new Error(`Node ${process.versions.node} is too old: install Node ${minimum} or newer, then run the command again`)
  await install({ root, packageManager, say })
  if (!existsSync(node.path)) throw new Error(`the install brought no Node: ${node.path} is missing. Install Node ${minimum} or newer`)
  return run(node.path, [join(root, script), ...args], { cwd: root, env: environmentFor(node) })
}

/**
 * npm looks for the machine's settings (a proxy, a certificate) beside the Node that runs it: those of the machine's own
 * Node go on to hold.
 * @param {{ path: string, own: boolean }} node
 */
function environmentFor({ path, own }) {
  if (own) return process.env
  return {
    npm_config_globalconfig: join(dirname(process.execPath), '..', 'etc', 'npmrc'),
    ...process.env,
    PATH: [dirname(path), process.env.PATH].join(delimiter),
  }
}

/** @param {string} message */
function say(message) {
  process.stderr.write(`covet: ${message}\n`)
}
