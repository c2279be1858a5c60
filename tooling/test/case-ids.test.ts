import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { workspaceRoot } from '../checks/workspace.ts'
import { type Engine, titlesOf, titlesOfTheDataLayer } from './support/tested-cases.ts'

/** The name of a test or of a group of them, also behind `it.each(…)` and the name of a service. */
const title = /(?:\b(?:it|describe\w*|onEachEngine)|\]\)|\bit\.each\([^()]*\))\(\s*(?:'\w+',\s*)?(['"`])((?:(?!\1)[^\\]|\\.)*)\1/g

// A benchmark names the cases it measures; that is no test of them.
const titles = globSync('{packages/*/*/{test,src/contract},apps/*/test}/**/*.ts', { cwd: workspaceRoot })
  .flatMap((file) => [...readFileSync(join(workspaceRoot, file), 'utf8').matchAll(title)].map(([, , name = '']) => name))
  .join('\n')

const titled = titlesOfTheDataLayer(workspaceRoot)

/** What no test names, with the reason. */
const elsewhere: ReadonlyMap<string, string> = new Map([['DB-16', 'a figure: the rows select-pk of benchmarks/orm']])

function numbered(prefix: string, last: number): string[] {
  return Array.from({ length: last }, (_, index) => `${prefix}${index + 1}`)
}

/** `traps 8, 22` and `traps 1–3` name each of them. */
function trapsNamed(text: string): ReadonlySet<number> {
  const found = new Set<number>()
  for (const [, list = ''] of text.matchAll(/\btraps? (\d+(?:(?:, | and |–)\d+)*)/gi)) {
    for (const part of list.split(/, | and /)) {
      const [from = 0, to = from] = part.split('–').map(Number)
      for (let trap = from; trap <= to; trap += 1) found.add(trap)
    }
  }
  return found
}

const three = ['sqlite', 'postgres', 'mariadb'] as const
const servers = ['postgres', 'mariadb'] as const

/**
 * What each case has to run on: the engines its text names, all three where it names none, and both servers where it is
 * about a server, its pool or its log. ORM-1, ORM-2 and SQL-04 send nothing to one.
 */
const enginesOfCases: Readonly<Record<string, readonly Engine[]>> = {
  ...Object.fromEntries([...numbered('DB-', 4), ...numbered('ORM-', 20).slice(2)].map((id) => [id, three])),
  'DB-5': ['sqlite'],
  ...Object.fromEntries(
    numbered('DB-', 15)
      .slice(5)
      .map((id) => [id, servers]),
  ),
  'DB-11': ['postgres'],
  'SQL-01': three,
  'SQL-02': three,
  'REL-08': servers,
  'REL-09': servers,
  'REL-10': three,
}

describe('the cases of the data layer', () => {
  it.each([...numbered('DB-', 16), ...numbered('ORM-', 20), 'SQL-01', 'SQL-02', 'SQL-04', 'REL-08', 'REL-09', 'REL-10'])(
    '%s is a test by its id',
    (id) => {
      if (elsewhere.has(id)) return expect(titles).not.toMatch(new RegExp(`\\b${id}\\b`))
      return expect(titles).toMatch(new RegExp(`\\b${id}\\b`))
    },
  )

  it.each(Object.entries(enginesOfCases))('%s is tested on %j', (id, wanted) => {
    const named = titled.filter(({ title }) => new RegExp(`\\b${id}\\b`).test(title))
    expect(wanted.filter((engine) => !named.some(({ engines }) => engines.includes(engine)))).toEqual([])
  })

  it('traps 1 to 38 each have a test that names them', () => {
    const named = trapsNamed(titles)
    expect(Array.from({ length: 38 }, (_, index) => index + 1).filter((trap) => !named.has(trap))).toEqual([])
  })
})

describe('the engines of a test', () => {
  const of = (source: string, engines: readonly Engine[] = []): unknown =>
    Object.fromEntries(titlesOf(source, engines).map(({ title, engines: on }) => [title, on]))

  it.each([
    ["describeWith('postgres', 'a', (open) => { it('b', work) })", { b: ['postgres'] }],
    ["describeServers('a', (server) => { it.each([1])('b %s', work) })", { 'b %s': ['mariadb'] }],
    ["onEachEngine('a', (open) => { describe('c', () => { it(`b ${1}`, work) }) })", { 'b …': three }],
    ["describe('a on SQLite', () => { it('b', work) }); describe('c', () => { it('d', work) })", { b: ['sqlite'], d: [] }],
    [
      "function both(title, body) { describeWhere('postgres', title, body); describeWhere('mariadb', title, body) } both('a', () => { it('b', work) })",
      { b: servers },
    ],
    ["function pays() { it('b', work) } describeWhere('mariadb', 'a', () => pays())", { b: ['mariadb'] }],
    ["describeWithUrl('MYSQL_URL', 'a', () => { it('b', work) })", { b: [] }],
  ])('are told from %s', (source, expected) => {
    expect(of(source)).toMatchObject(expected)
  })

  it('are those of the file where no group says otherwise', () => {
    expect(of("export function cases({ it }) { it('b', work) }", ['sqlite'])).toEqual({ b: ['sqlite'] })
  })
})
