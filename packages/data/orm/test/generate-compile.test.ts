import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { adaptCatalog, type Catalog } from '@covet/db/catalog'
import { chinook, market } from '@covet/db/testing'
import { describe, expect, it } from '@jest/globals'
import { generateModels } from '../src/generate/generate-models.ts'

const run = promisify(execFile)
const workspace = path.join(import.meta.dirname, '../../../..')

const use: Readonly<Record<string, string>> = {
  market: `import { Order, Product, StockLevel, User } from './models/index.ts'
const users = await User.where('role', 'admin').with('profile', 'messagesAsSender.recipient', 'organizations')
export const name: string | null | undefined = users[0]?.messagesAsSender[0]?.recipient.name
export const level = await StockLevel.find({ organizationId: 'x', warehouseCode: 'y', productId: 1 })
export const city = StockLevel.where('warehouse.city', 'Oslo').where('product.categories.slug', 'like', 'a%')
export const lines = Order.where('orderLines.product.organization.name', 'x').with('payment', 'shippingAddress.country')
// @ts-expect-error the status is one of five
export const wrong = Order.where('status', 'lost')
await Product.create({ organizationId: 'x', sku: 'P-1', title: 'A product' })
// @ts-expect-error the database computes the margin
await Product.create({ organizationId: 'x', sku: 'P-1', title: 'A product', margin: '1' })
`,
  chinook: `import { Employee, Track } from './models/index.ts'
const tracks = await Track.where('album.artist.name', 'AC/DC').with('playlists', 'invoiceLines.invoice.customer')
export const price: string | undefined = tracks[0]?.unitPrice
export const customer: string | undefined = tracks[0]?.invoiceLines[0]?.invoice.customer.email
export const boss = Employee.with('reportsToEmployee', 'employeesAsReportsToEmployee')
`,
}

/** The models of a sample on each engine with the program that uses them, below a folder. */
async function write(folder: string, name: string, catalog: Catalog): Promise<readonly string[]> {
  return Promise.all(
    ['sqlite', 'postgres', 'mysql'].map(async (dialect) => {
      const models = path.join(folder, name, dialect, 'models')
      await mkdir(models, { recursive: true })
      const files = generateModels(adaptCatalog(catalog, dialect), { dialect })
      await Promise.all(files.map(({ path: file, text }) => writeFile(path.join(models, file), text)))
      await writeFile(path.join(models, '../use.ts'), use[name] ?? '')
      return `${name}/${dialect}/use.ts`
    }),
  )
}

async function compile(folder: string, files: readonly string[]): Promise<string> {
  const config = {
    extends: path.join(workspace, 'tooling/tsconfig/program.json'),
    compilerOptions: {
      typeRoots: [path.join(import.meta.dirname, '../node_modules/@types')],
      types: ['node'],
    },
    files,
  }
  await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify(config))
  const tsc = path.join(workspace, 'node_modules/typescript/bin/tsc')
  const { stdout } = await run(process.execPath, [tsc, '-p', folder, '--pretty', 'false']).catch((failure: { stdout: string }) => failure)
  return stdout
}

describe('generated models', () => {
  it('compile for both sample databases on every engine, and give their queries types', async () => {
    const parent = path.join(import.meta.dirname, '../.covet')
    await mkdir(parent, { recursive: true })
    const folder = await mkdtemp(path.join(parent, 'generated-'))
    try {
      const files = [...(await write(folder, 'market', market)), ...(await write(folder, 'chinook', chinook))]
      expect(await compile(folder, files)).toBe('')
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
