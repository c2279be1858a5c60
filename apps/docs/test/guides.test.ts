import { globSync } from 'node:fs'
import path from 'node:path'
import { describeWhere, describeWith } from '@covet-workspace/tooling/services/jest'
import { describe, expect, it } from '@jest/globals'
import { describeMysql } from '../../../packages/data/mysql/test/support/mysql.ts'
import { replicatedServers } from '../../../packages/data/postgres/test/support/replica.ts'
import { checkTypes, type EngineName, onEngine, root, runNode, writePrograms, type Written } from './support/workspace.ts'

// A page is a program: its ```ts blocks in order, run by Node in a process of its own and checked by TypeScript as they stand.
// - `expression // -> value`, and `const name = … // -> value`: what is awaited there deep-equals the value. An instance is
//   compared by its `toJSON`, `_` equals anything, and lines of `//     …` below carry the value on.
// - `expression // throws NotFound`: it throws an error of that class or code.
// - A block that begins with `// blog.ts` is that file, which every page may import.
// - In a table whose last column is called Covet, the code of that column is part of the program, in its place.
// - `<!-- needs: postgres -->` gives the program DATABASE_URL, `<!-- needs: postgres with a replica -->` PRIMARY_URL and
//   REPLICA_URL. Without one a page uses SQLite, and gives the same on PostgreSQL, on MariaDB and, where MYSQL_URL names one,
//   on MySQL 8, where it runs with the line of its connection replaced.

const pages = writePrograms(
  globSync('guides/*/*.md', { cwd: root })
    .toSorted()
    .map((file) => path.join(root, file)),
)
const needing = (needs: string): readonly Written[] => pages.filter(({ page }) => page.needs === needs)

describe('the guides', () => {
  it('are there', () => {
    expect(pages.map(({ page }) => `${page.folder}/${page.name}`)).toEqual([
      'coming-from/django.md',
      'coming-from/drizzle.md',
      'coming-from/lucid.md',
      'coming-from/prisma.md',
      'data/models.md',
      'data/performance.md',
      'data/queries.md',
      'data/raw-sql.md',
      'data/relations.md',
      'data/replicas.md',
      'data/transactions.md',
    ])
    expect(pages.filter(({ page }) => !['', 'postgres', 'postgres with a replica'].includes(page.needs))).toEqual([])
  })

  it('have no snippet that is neither compiled nor run', () => {
    expect(pages.flatMap(({ page }) => page.otherBlocks)).toEqual([])
  })

  it('have snippets that compile', async () => {
    expect(await checkTypes()).toEqual({ code: 0, output: '' })
  })

  it.each(needing('').map((written) => [`${written.page.folder}/${written.page.name}`, written] as const))(
    '%s does on SQLite what it says',
    async (_name, written) => {
      await expectToRun(written, {})
    },
  )
})

function itDoesTheSame(engine: EngineName, open: () => Promise<{ readonly url: string }>): void {
  it.each(needing('').map((written) => [written.page.name, written] as const))('%s does the same', async (_name, written) => {
    const { url } = await open()
    await expectToRun({ ...written, checked: onEngine(written, engine) }, { DATABASE_URL: url })
  })
}

for (const engine of ['postgres', 'mariadb'] as const) {
  describeWith(engine, `the guides for SQLite, on ${engine}`, (open) => itDoesTheSame(engine, open))
}
describeMysql('the guides for SQLite,', (open) => itDoesTheSame('mysql', open))

describeWith('postgres', 'the guides that need PostgreSQL', (open) => {
  it.each(needing('postgres').map((written) => [written.page.name, written] as const))('%s does what it says', async (_name, written) => {
    const { url } = await open()
    await expectToRun(written, { DATABASE_URL: url })
  })
})

describeWhere('postgres', 'the guides that need a replica', () => {
  it.each(needing('postgres with a replica').map((written) => [written.page.name, written] as const))(
    '%s does what it says',
    async (_name, written) => {
      await using servers = await replicatedServers()
      await expectToRun(written, { PRIMARY_URL: servers.primary.url, REPLICA_URL: servers.replica.url })
    },
  )
})

async function expectToRun({ checked, expectations }: Written, environment: Readonly<Record<string, string>>): Promise<void> {
  const { code, output } = await runNode([checked], { NODE_ENV: 'production', ...environment })
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining(`expectations met: ${expectations}`) })
  expect(expectations).toBeGreaterThan(0)
}
