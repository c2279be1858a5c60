/** Programs over the models of the sample databases, which are in a folder beside them. */
export const uses: Readonly<Record<string, string>> = {
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
