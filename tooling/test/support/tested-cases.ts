import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isNode, type Node, parseModule, visit } from '../../checks/syntax.ts'

export type Engine = 'sqlite' | 'postgres' | 'mariadb'

/** The name of a test or of a group of them, with the engines it runs on. MySQL 8 is not among them: it is tested where there is one. */
export interface Titled {
  readonly title: string
  readonly engines: readonly Engine[]
}

const servers: readonly Engine[] = ['postgres', 'mariadb']
const all: readonly Engine[] = ['sqlite', ...servers]

/** The groups that bring their engines themselves. */
const groups: Readonly<Record<string, readonly Engine[]>> = {
  onEachEngine: all,
  onEachEngineAndFile: all,
  onAllButMysql: all,
  onReplicatedServers: servers,
  describeServers: ['mariadb'],
  describeMysql: [],
  describeWithUrl: [],
}

/** Of the data layer: the drivers, the contract that each of them runs, and the models. */
export function titlesOfTheDataLayer(root: string): Titled[] {
  const contract = globSync('packages/data/{sqlite,postgres,mysql}/test/contract.test.ts', { cwd: root })
    .filter((file) => readFileSync(join(root, file), 'utf8').includes('driverContract('))
    .flatMap((file) => engineOfFolder(file))
  return globSync('packages/data/{{sqlite,postgres,mysql,orm}/test/**/*.test.ts,db/src/contract/*.ts}', { cwd: root }).flatMap((file) =>
    titlesOf(readFileSync(join(root, file), 'utf8'), file.includes('/src/contract/') ? contract : engineOfFolder(file)),
  )
}

/** The servers of a driver are told by the group, SQLite needs none. */
function engineOfFolder(file: string): readonly Engine[] {
  const driver = basename(dirname(dirname(file)))
  if (driver === 'sqlite') return ['sqlite']
  return basename(file) === 'contract.test.ts' ? [driver === 'mysql' ? 'mariadb' : 'postgres'] : []
}

/** @param engines that the whole file runs on */
export function titlesOf(source: string, engines: readonly Engine[]): Titled[] {
  const module = parseModule(source) as unknown as Node
  const found: Titled[] = []
  const functions = new Map<string, Node>()
  const statements = module['body'] as readonly Node[]
  for (const statement of statements)
    if (statement['type'] === 'FunctionDeclaration') functions.set(textOf(statement['identifier']), statement)

  /** A function of the file is what it is where it is called. */
  const look = (value: unknown, on: readonly Engine[], inside: readonly Node[]): void => {
    if (Array.isArray(value)) for (const item of value) look(item, on, inside)
    else if (isNode(value) && value['type'] === 'CallExpression') lookAtCall(value, on, inside)
    else if (isNode(value)) for (const child of Object.values(value)) look(child, on, inside)
  }
  const lookAtCall = (call: Node, on: readonly Engine[], inside: readonly Node[]): void => {
    const name = calledName(call['callee'])
    const called = functions.get(name)
    const within = called ? (groupsIn(called) ?? on) : enginesOf(name, call, on)
    if (name === 'it' || name in groups || name.startsWith('describe') || called) {
      const title = textsGiven(call).join(' ')
      found.push({ title, engines: within })
    }
    look(call['callee'], on, inside)
    look(call['arguments'], within, inside)
    if (called && !inside.includes(called)) look(called['body'], within, [...inside, called])
  }
  // What a file gives to others is called elsewhere, on the engines of the file.
  for (const statement of statements) if (statement['type'] !== 'FunctionDeclaration') look(statement, engines, [])
  return found
}

function enginesOf(name: string, call: Node, on: readonly Engine[]): readonly Engine[] {
  const [first = '', ...others] = textsGiven(call)
  if (name === 'describeWith' || name === 'describeWhere') return all.filter((engine) => engine === first)
  if (name === 'describe' && on.length === 0 && /\bSQLite\b/.test([first, ...others].join(' '))) return ['sqlite']
  return groups[name] ?? on
}

/** Those of a function that makes groups of what it is given; undefined for one that makes none. */
function groupsIn(made: Node): readonly Engine[] | undefined {
  const found = new Set<Engine>()
  visit(made['body'], (node) => {
    if (node['type'] !== 'CallExpression') return
    const name = calledName(node['callee'])
    if (name.startsWith('describeW') || name in groups) for (const engine of enginesOf(name, node, [])) found.add(engine)
  })
  return found.size === 0 ? undefined : [...found]
}

/** `it` of `it(…)`, `it.each(…)(…)` and `it.each`…`(…)`. */
function calledName(callee: unknown): string {
  if (!isNode(callee)) return ''
  const inner = callee['callee'] ?? callee['object'] ?? callee['tag']
  return inner === undefined ? textOf(callee) : calledName(inner)
}

function textsGiven(call: Node): string[] {
  return (call['arguments'] as readonly Node[]).flatMap(({ expression }) => (isIdentifier(expression) ? [] : textOf(expression) || []))
}

function isIdentifier(node: unknown): boolean {
  return isNode(node) && node['type'] === 'Identifier'
}

function textOf(node: unknown): string {
  if (!isNode(node)) return ''
  if (node['type'] === 'TemplateLiteral') return (node['quasis'] as readonly Node[]).map(({ cooked }) => String(cooked)).join('…')
  return node['type'] === 'StringLiteral' || isIdentifier(node) ? String(node['value']) : ''
}
