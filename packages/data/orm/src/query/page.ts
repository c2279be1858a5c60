import { InvalidQueryError } from '../errors.ts'
import type { Page } from '../types/pages.ts'
import type { Rows } from './rows.ts'

const maxPerPage = 10_000

export async function readPage<R>(
  rows: Rows<R>,
  { page = 1, perPage = 20 }: { readonly page?: unknown; readonly perPage?: unknown } = {},
): Promise<Page<R>> {
  if (!isWhole(page)) throw new InvalidQueryError('paginate() takes a page number, 1 or more.', { statusCode: 400 })
  if (!isWhole(perPage) || perPage > maxPerPage)
    throw new InvalidQueryError(`paginate() takes perPage from 1 to ${maxPerPage}.`, { statusCode: 400 })
  if (rows.chain.isBounded) throw new InvalidQueryError('paginate() has its own bounds: leave limit() and offset() out.')
  const total = await rows.count()
  const pages = Math.ceil(total / perPage)
  const items = page > pages ? [] : await rows.limit(perPage).offset((page - 1) * perPage)
  return { items, total, page, perPage, pages }
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1
}
