import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { describeWith } from '@covet-workspace/tooling/services/jest'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

const run = promisify(execFile)
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

describe('models generated from both sample databases', () => {
  it('find what is in a SQLite database', () => expectFound('sqlite', ':memory:'))
})

describeWith('postgres', 'models generated from both sample databases, on PostgreSQL', (open) => {
  it('find what is in the database', async () => {
    const { url } = await open()
    await expectFound('postgres', url)
  })
})

describeWith('mariadb', 'models generated from both sample databases, on MariaDB', (open) => {
  it('find what is in the database', async () => {
    const { url } = await open()
    await expectFound('mysql', url)
  })
})
