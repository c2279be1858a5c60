import type { Operations } from './contract.ts'
import { note, type Note, post, postCount, postsPerUser, ratingOf, user, userCount, viewsOf } from './data.ts'
import type { Target } from './target.ts'

export type WorkloadName = keyof Operations

export interface Workload {
  readonly title: string
  /** What the operation with this number is called with. */
  input(index: number): unknown
  /** What it must give, where it reads. */
  expected?: (index: number) => unknown
  /** What must stand in the database after it ran, where it writes; undefined when all is well. */
  effect?: (target: Target, index: number, result: unknown) => Promise<string | undefined>
}

const bulk: readonly Note[] = Array.from({ length: 1_000 }, (_, index) => note(index))
// 389 and 7919 are primes: all ids are visited, neighbours in time are no neighbours in the table.
const someId = (index: number): number => 1 + ((index * 389) % userCount)
const startBefore = (index: number, rows: number): number => (index * 389) % (userCount - rows)
const range = (after: number, length: number): number[] => Array.from({ length }, (_, index) => after + index + 1)

export const workloads = {
  'select-pk': {
    title: 'a row by primary key',
    input: someId,
    expected: (index) => user(someId(index)),
  },
  'select-100': {
    title: '100 rows of 10 columns',
    input: (index) => startBefore(index, 100),
    expected: (index) => range(startBefore(index, 100), 100).map(user),
  },
  'insert-one': {
    title: 'insert a row, get its id',
    input: note,
    effect: (target, index, result) =>
      differsFrom(target, 'select author_id, title, body, views from notes where id = ', result, note(index)),
  },
  'bulk-1000': {
    title: 'insert 1,000 rows in one call',
    input: () => bulk,
    effect: async (target) => {
      const rows = await target.query('select author_id, title, body, views from notes order by title')
      return JSON.stringify(rows) === JSON.stringify(bulk) ? undefined : `stored ${rows.length} rows, or other ones`
    },
  },
  'update-pk': {
    title: 'update a column by primary key',
    input: (index) => ({ id: someId(index), hits: index }),
    effect: (target, index) => differsFrom(target, 'select hits from counters where id = ', someId(index), { hits: index }),
  },
  'eager-50x20': {
    title: '50 rows with 20 children each',
    input: (index) => startBefore(index, 50),
    expected: (index) => range(startBefore(index, 50), 50).map((id) => ({ ...user(id), posts: postsOf(id) })),
  },
  'filter-order-limit': {
    title: 'filter, order, limit 20 of 20,000',
    input: views,
    expected: (index) => topPosts(views(index)),
  },
} as const satisfies Readonly<Record<WorkloadName, Workload>>

export const workloadNames = Object.keys(workloads) as WorkloadName[]

export function isWorkloadName(name: string): name is WorkloadName {
  return Object.hasOwn(workloads, name)
}

function views(index: number): number {
  return 1_000 + ((index * 7919) % (postCount - 1_000))
}

function postsOf(author: number): unknown[] {
  return range((author - 1) * postsPerUser, postsPerUser).map(post)
}

function topPosts(below: number): unknown[] {
  return range(0, postCount)
    .filter((id) => viewsOf(id) < below && ratingOf(id) > 2)
    .toSorted((a, b) => viewsOf(b) - viewsOf(a))
    .slice(0, 20)
    .map(post)
}

async function differsFrom(target: Target, sql: string, id: unknown, expected: object): Promise<string | undefined> {
  if (!Number.isInteger(id)) return `gave ${String(id)} and no id`
  const [row] = await target.query(`${sql}${Number(id)}`)
  return JSON.stringify(row) === JSON.stringify(expected) ? undefined : `left ${JSON.stringify(row)} in the table`
}
