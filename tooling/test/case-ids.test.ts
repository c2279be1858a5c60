import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { workspaceRoot } from '../checks/workspace.ts'

/** The name of a test or of a group of them, also behind `it.each(…)` and the name of a service. */
const title = /(?:\b(?:it|describe\w*|onEachEngine)|\]\)|\bit\.each\([^()]*\))\(\s*(?:'\w+',\s*)?(['"`])((?:(?!\1)[^\\]|\\.)*)\1/g

const titles = globSync('{packages/*/*/{test,src/contract},apps/*/test,benchmarks/*/test}/**/*.ts', { cwd: workspaceRoot })
  .flatMap((file) => [...readFileSync(join(workspaceRoot, file), 'utf8').matchAll(title)].map(([, , name = '']) => name))
  .join('\n')

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

describe('the cases of the data layer', () => {
  it.each([...numbered('DB-', 16), ...numbered('ORM-', 20), 'SQL-01', 'SQL-02', 'SQL-04', 'REL-08', 'REL-09', 'REL-10'])(
    '%s is a test by its id',
    (id) => {
      if (elsewhere.has(id)) return expect(titles).not.toMatch(new RegExp(`\\b${id}\\b`))
      return expect(titles).toMatch(new RegExp(`\\b${id}\\b`))
    },
  )

  it('traps 1 to 38 each have a test that names them', () => {
    const named = trapsNamed(titles)
    expect(Array.from({ length: 38 }, (_, index) => index + 1).filter((trap) => !named.has(trap))).toEqual([])
  })
})
