// Run as a program: <dialect> <url or file> <folder>. Creates a sample database, reads it back, writes models for it into the
// folder, and queries through them. Prints what they found.
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { type ConnectionPlugin, createDb, type Database, identifier, values } from '@covet/db'
import { type Catalog, introspect } from '@covet/db/catalog'
import { chinook, chinookRows, createTables, market } from '@covet/db/testing'
import { mysql } from '@covet/mysql'
import { bind, checkModels } from '@covet/orm'
import { postgres } from '@covet/postgres'
import { sqlite } from '@covet/sqlite'
import type { ModelMeta } from '../../src/meta/model-meta.ts'
import { metaOf } from '../../src/meta/registry.ts'
import { generateModels } from '../../src/generate/generate-models.ts'

/** A generated model, as far as this program asks: its own types are checked by the compiler in another test. */
interface AnyModel {
  create(row: object): Promise<Row>
  find(key: unknown): Promise<Row>
  where(...condition: unknown[]): AnyQuery
  query(): AnyQuery
}
interface AnyQuery extends PromiseLike<{ toJSON(): unknown }[]> {
  with(...paths: string[]): AnyQuery
  eager(strategy: 'balanced' | 'json'): AnyQuery
  orderBy(path: string): AnyQuery
  count(): Promise<number>
}
type Row = Readonly<Record<string, unknown>>
type ModelNamed = (name: string) => AnyModel

/** Models with the paths of relations that were loaded by both strategies, and the instances that came. */
interface Compared {
  paths: number
  instances: number
}

const [, , dialect = '', url = '', folder = ''] = process.argv
const engines: Readonly<Record<string, () => ConnectionPlugin>> = {
  sqlite: () => sqlite({ file: url }),
  postgres: () => postgres({ url }),
  mysql: () => mysql({ url }),
}

function open(): Database {
  const engine = engines[dialect] ?? fail(`No engine is called ${dialect}.`)
  return createDb(engine())
}

async function modelsOf(db: Database, name: string, catalog: Catalog): Promise<{ model: ModelNamed; names: readonly string[] }> {
  const models = path.join(folder, name, 'models')
  await mkdir(models, { recursive: true })
  const read = await introspect(db, { tables: catalog.tables.map((table) => table.name) })
  for (const { path: file, text } of generateModels(read, { dialect: db.dialect })) await writeFile(path.join(models, file), text)
  const found = (await import(pathToFileURL(path.join(models, 'index.ts')).href)) as Record<string, AnyModel>
  const classes = Object.values(found) as unknown as Parameters<typeof bind>[0]
  bind(classes, db)
  const warnings = checkModels(classes)
  if (warnings.length > 0) throw new Error(warnings.join('\n'))
  return { model: (model) => found[model] ?? fail(`No model is called ${model}.`), names: Object.keys(found) }
}

function fail(message: string): never {
  throw new Error(message)
}

/** Instants and money of a row as the engine takes them. */
function stored(row: Readonly<Record<string, string | number | null>>): Record<string, unknown> {
  const entries = Object.entries(row).map(([column, value]) => {
    if (column.endsWith('Date') && value !== null && dialect === 'mysql') return [column, String(value).replace('T', ' ').replace('Z', '')]
    return /^(?:UnitPrice|Total)$/.test(column) && dialect === 'sqlite' ? [column, Math.round(Number(value) * 100)] : [column, value]
  })
  return Object.fromEntries(entries) as Record<string, unknown>
}

/** Loads every relation and all relations behind it by both strategies, which must give the same. */
async function compareStrategies(model: ModelNamed, names: Iterable<string>): Promise<Compared> {
  const compared = { paths: 0, instances: 0 }
  for (const name of names) {
    for (const path of pathsOf(metaOf(model(name)))) {
      const query = model(name).query().with(path)
      const [json, balanced] = [await query.eager('json'), await query].map((rows) =>
        JSON.stringify(inOrder(JSON.parse(JSON.stringify(rows)))),
      )
      if (json !== balanced) fail(`${name} with ${path}:\n${json}\n${balanced}`)
      compared.paths += 1
      compared.instances += json?.split('{').length ?? 0
    }
  }
  return compared
}

function pathsOf(meta: ModelMeta): readonly string[] {
  return meta.relationNames.flatMap((name) => [name, ...meta.relation(name).target.relationNames.map((further) => `${name}.${further}`)])
}

/** Lists of what comes in no order, in one. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder).toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, member]) => [name, inOrder(member)]),
  )
}

async function queryChinook(db: Database): Promise<unknown> {
  await createTables(db, chinook)
  for (const [table, rows] of chinookRows) {
    for (const row of rows) await db.sql`insert into ${identifier(table)} ${values(stored(row))}`
  }
  const { model, names } = await modelsOf(db, 'chinook', chinook)
  return {
    compared: await compareStrategies(model, names),
    tracks: await model('Track')
      .where('album.artist.name', 'Accept')
      .orderBy('name')
      .with('playlists', 'album', 'invoiceLines.invoice.customer'),
    invoices: await model('Invoice').where('customer.email', 'luisg@example.com'),
    staff: await model('Employee').where('reportsToEmployee.lastName', 'Adams').with('reportsToEmployee', 'customers'),
    pair: await model('PlaylistTrack').find({ playlistId: 2, trackId: 3 }),
  }
}

async function queryMarket(db: Database): Promise<unknown> {
  await createTables(db, market)
  const { model, names } = await modelsOf(db, 'market', market)
  const found = { ...(await queryPeople(model)), ...(await queryProducts(model)), ...(await queryCategories(model)) }
  return { ...found, compared: await compareStrategies(model, names) }
}

async function queryPeople(model: ModelNamed): Promise<object> {
  await model('Country').create({ code: 'NO', name: 'Norway' })
  const user = await model('User').create({ email: 'Ada@Example.com', handle: 'ada' })
  await model('Address').create({ userId: user['id'], countryCode: 'NO', line: 'Main street 1' })
  return {
    role: user['role'],
    settings: user['settings'],
    byCase: await model('User').where('email', 'ada@example.COM').count(),
    inNorway: await model('User').where('addresses.country.name', 'Norway').count(),
  }
}

async function queryProducts(model: ModelNamed): Promise<object> {
  const { id: organizationId } = await model('Organization').create({ name: 'Shop' })
  const { id: productId } = await model('Product').create({ organizationId, sku: 'P-1', title: 'Thing', price: '12.34', cost: '2.04' })
  await model('Warehouse').create({ organizationId, code: 'W1', city: 'Oslo' })
  const level = { organizationId, warehouseCode: 'W1', productId }
  await model('StockLevel').create({ ...level, quantity: 7 })
  const { margin, views } = await model('Product').find(productId)
  return {
    margin,
    views: String(views),
    quantity: (await model('StockLevel').find(level))['quantity'],
    inOslo: await model('Product').where('warehouses.city', 'Oslo').count(),
  }
}

async function queryCategories(model: ModelNamed): Promise<object> {
  const { id: parentId } = await model('Category').create({ slug: 'all' })
  await model('Category').create({ slug: 'some', parentId })
  const children = await model('Category').where('slug', 'all').with('children')
  return { children: children.map((category) => category.toJSON()) }
}

const db = open()
try {
  const result = { chinook: await queryChinook(db), market: await queryMarket(db) }
  process.stdout.write(JSON.stringify(result))
} finally {
  await db.close()
}
