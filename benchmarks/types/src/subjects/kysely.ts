import { filePerModel, neighbour, queryFunction, type Size, type Subject, upTo } from '../project.ts'

/** The same tables as interfaces, the same kinds of queries with joins written out. */
export const kysely: Subject = {
  models: (size) => new Map([...filePerModel('m', size, tableFile), ['db.ts', databaseFile(size)]]),
  queries: (size) => filePerModel('q', size, (index) => queryFile(index, size)),
}

function tableFile(index: number): string {
  return `import type { ColumnType, Generated } from 'kysely'
export interface M${index} {
  id: Generated<number>
  email: string
  name${index}: string | null
  balance: Generated<string>
  role: Generated<'admin' | 'user' | 'r${index}'>
  views: Generated<number>
  big: bigint | null
  active: Generated<boolean>
  createdAt: ColumnType<Date, Date | undefined>
  updatedAt: Date | null
  meta: { a: number; b: string[] } | null
  body: string
  nextId: number
  jumpId: number
  farId: number
}
`
}

function databaseFile({ models }: Size): string {
  return `import type { Kysely } from 'kysely'
${upTo(models)
  .map((index) => `import type { M${index} } from './m${index}.ts'`)
  .join('\n')}
export interface Tables {
${upTo(models)
  .map((index) => `  t${index}: M${index}`)
  .join('\n')}
}
export declare const db: Kysely<Tables>
`
}

function queryFile(index: number, size: Size): string {
  const table = `t${index}`
  const next = `t${neighbour(index + 1, size)}`
  const far = `t${neighbour(index + 13, size)}`
  const body = queryFunction(index, size, [
    (q) =>
      `const a${q} = await db.selectFrom('${table}').selectAll().where('email', '=', 'x').where('views', '>', ${q}).limit(5).execute(); a${q}[0]!.email`,
    (q) =>
      `const a${q} = await db.selectFrom('${table}').innerJoin('${next} as n', 'n.id', '${table}.nextId').where('n.email', 'like', 'x').select(['${table}.id', 'n.email']).execute(); a${q}[0]!.email`,
    (q) =>
      `const a${q} = await db.insertInto('${table}').values({ email: 'x', body: 'b', nextId: 1, jumpId: 2, farId: 3 }).returningAll().executeTakeFirstOrThrow(); a${q}.id`,
    (q) =>
      `const a${q} = await db.selectFrom('${table}').select((e) => ['email', e.selectFrom('${next}').whereRef('${next}.id', '=', '${table}.nextId').select((n) => n.fn.countAll<number>().as('n')).as('n')]).where('views', '>', ${q}).execute(); a${q}[0]!.n`,
    (q) =>
      `const a${q} = await db.selectFrom('${table}').innerJoin('${far} as f', 'f.id', '${table}.farId').orderBy('f.createdAt', 'desc').select(['${table}.id', '${table}.email', '${table}.createdAt']).execute(); a${q}[0]!.email.length`,
  ])
  return `import { db } from './db.ts'\n${body}`
}
