import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { describeWith } from '@covet-workspace/tooling/services/jest'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { uses } from './generate/uses.ts'
import { clean, compile } from './support/compiler.ts'
import { describeMysql } from '../../mysql/test/support/mysql.ts'

const run = promisify(execFile)
/** A whole compiler runs in these. */
const patience = 240_000
const parent = path.join(import.meta.dirname, '../.covet')

let folder = ''

// Inside the package, where the models find it by its name.
beforeAll(async () => {
  await mkdir(parent, { recursive: true })
  folder = await mkdtemp(path.join(parent, 'queried-'))
})

afterAll(async () => {
  await rm(folder, { recursive: true })
})

interface Track {
  name: string
  unitPrice: string
  album: { title: string }
  playlists: { name: string }[]
  invoiceLines: { invoice: { total: string; invoiceDate: string; customer: { email: string } } }[]
}

interface Found {
  chinook: {
    compared: { paths: number; instances: number }
    tracks: Track[]
    invoices: unknown[]
    staff: Record<string, unknown>[]
    pair: unknown
  }
  market: Record<string, unknown>
}

async function query(dialect: string, url: string): Promise<Found> {
  const program = path.join(import.meta.dirname, 'generate/query.ts')
  const { stdout } = await run(process.execPath, [program, dialect, url, path.join(folder, dialect)])
  return JSON.parse(stdout) as Found
}

async function expectFound(dialect: string, url: string): Promise<void> {
  const { chinook, market } = await query(dialect, url)
  const [balls, shark] = chinook.tracks
  expect(chinook.tracks.map(({ name, album, playlists }) => [name, album.title, playlists.map((list) => list.name).toSorted()])).toEqual([
    ['Balls to the Wall', 'Balls to the Wall', []],
    ['Fast As a Shark', 'Restless and Wild', ['Movies', 'Music']],
    ['Restless and Wild', 'Restless and Wild', []],
  ])
  expect(balls?.unitPrice).toBe('0.99')
  expect(shark?.invoiceLines).toEqual([])
  expect(balls?.invoiceLines[0]?.invoice).toMatchObject({
    total: '1.98',
    invoiceDate: '2009-01-01T00:00:00.000Z',
    customer: { email: 'luisg@example.com' },
  })
  expect(chinook.invoices).toHaveLength(1)
  expect(chinook.staff).toMatchObject([
    { lastName: 'Edwards', reportsToEmployee: { lastName: 'Adams' }, customers: [{ firstName: 'Luís' }] },
  ])
  expect(chinook.pair).toEqual({ playlistId: 2, trackId: 3 })
  // Every relation with every one behind it, read by both strategies: the same, or the program fails.
  expect(chinook.compared.paths).toBeGreaterThan(90)
  expect(chinook.compared.instances).toBeGreaterThan(800)
  expect(market).toMatchObject({
    compared: { paths: 352 },
    role: 'member',
    settings: { list: [1, 2], theme: 'dark' },
    byCase: 1,
    inNorway: 1,
    margin: '10.30',
    views: '0',
    quantity: 7,
    inOslo: 1,
    children: [{ slug: 'all', children: [{ slug: 'some' }] }],
  })
}

/** The models as they were generated from what the engine says of its tables, and programs that use them. */
async function expectToCompile(dialect: string): Promise<void> {
  const written = path.join(folder, dialect)
  const files = await Promise.all(
    Object.entries(uses).map(async ([name, program]) => {
      const file = path.join(written, name, 'use.ts')
      await writeFile(file, program)
      return file
    }),
  )
  expect(files).toHaveLength(2)
  expect(await compile(written, files)).toEqual(clean)
}

async function expectToWork(dialect: string, url: string): Promise<void> {
  await expectFound(dialect, url)
  await expectToCompile(dialect)
}

function itWorks(dialect: string, open: () => Promise<{ readonly url: string }>): void {
  it(
    'find what is in the database, and compile',
    async () => {
      const { url } = await open()
      await expectToWork(dialect, url)
    },
    patience,
  )
}

describe('models generated from both sample databases', () => {
  it('find what is in a SQLite database, and compile', () => expectToWork('sqlite', ':memory:'), patience)
})

describeWith('postgres', 'models generated from both sample databases, on PostgreSQL', (open) => itWorks('postgres', open))

describeWith('mariadb', 'models generated from both sample databases, on MariaDB', (open) => itWorks('mysql', open))

describeMysql('models generated from both sample databases,', (open) => itWorks('mysql', open))
