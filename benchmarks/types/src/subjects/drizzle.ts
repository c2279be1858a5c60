import { filePerModel, neighbour, queryFunction, type Size, type Subject, upTo } from '../project.ts'

/** The same tables, relations and kinds of queries in Drizzle's two ways to ask. */
export const drizzle: Subject = {
  models: (size) => new Map([...filePerModel('m', size, (index) => tableFile(index, size)), ['db.ts', databaseFile(size)]]),
  queries: (size) => filePerModel('q', size, (index) => queryFile(index, size)),
}

function tableFile(index: number, size: Size): string {
  const at = (steps: number): string => `m${neighbour(index + steps, size)}`
  const related = new Set([1, 7, 13, -1, -7, -13].map(at))
  related.delete(at(0))
  const imports = [...related].map((name) => `import { ${name} } from './${name}.ts'`)
  return `import { relations } from 'drizzle-orm'
import { pgTable, serial, varchar, text, numeric, integer, bigint, boolean, timestamp, jsonb } from 'drizzle-orm/pg-core'
${imports.join('\n')}
export const m${index} = pgTable('t${index}', {
  id: serial().primaryKey(),
  email: varchar({ length: 255 }).notNull().unique(),
  name${index}: varchar(),
  balance: numeric({ precision: 10, scale: 2 }).notNull().default('0'),
  role: text({ enum: ['admin', 'user', 'r${index}'] }).notNull().default('user'),
  views: integer().notNull().default(0),
  big: bigint({ mode: 'bigint' }),
  active: boolean().notNull().default(true),
  createdAt: timestamp().notNull().defaultNow(),
  updatedAt: timestamp(),
  meta: jsonb().$type<{ a: number; b: string[] }>(),
  body: text().notNull(),
  nextId: integer().notNull(),
  jumpId: integer().notNull(),
  farId: integer().notNull(),
})
export const m${index}Relations = relations(m${index}, ({ one, many }) => ({
  next: one(${at(1)}, { fields: [m${index}.nextId], references: [${at(1)}.id], relationName: 'next${index}' }),
  jump: one(${at(7)}, { fields: [m${index}.jumpId], references: [${at(7)}.id], relationName: 'jump${index}' }),
  far: one(${at(13)}, { fields: [m${index}.farId], references: [${at(13)}.id], relationName: 'far${index}' }),
  prevs: many(${at(-1)}, { relationName: 'next${neighbour(index - 1, size)}' }),
  backs: many(${at(-7)}, { relationName: 'jump${neighbour(index - 7, size)}' }),
  fars: many(${at(-13)}, { relationName: 'far${neighbour(index - 13, size)}' }),
}))
`
}

function databaseFile({ models }: Size): string {
  const tables = upTo(models).map((index) => `import * as s${index} from './m${index}.ts'`)
  return `import { drizzle } from 'drizzle-orm/pg-proxy'
${tables.join('\n')}
const schema = { ${upTo(models)
    .map((index) => `...s${index}`)
    .join(', ')} }
export const db = drizzle(async () => ({ rows: [] }), { schema })
`
}

function queryFile(index: number, size: Size): string {
  const next = `m${neighbour(index + 1, size)}`
  const far = `m${neighbour(index + 13, size)}`
  const table = `m${index}`
  const body = queryFunction(index, size, [
    (q) =>
      `const a${q} = await db.select().from(${table}).where(and(eq(${table}.email, 'x'), gt(${table}.views, ${q}))).limit(5); a${q}[0]!.email`,
    (q) =>
      `const a${q} = await db.query.${table}.findMany({ where: like(${table}.email, 'x'), with: { next: true, prevs: { with: { backs: true } } } }); a${q}[0]!.prevs[0]!.backs[0]!.email`,
    (q) =>
      `const a${q} = await db.insert(${table}).values({ email: 'x', body: 'b', nextId: 1, jumpId: 2, farId: 3 }).returning(); a${q}[0]!.id`,
    (q) =>
      `const a${q} = await db.select({ email: ${table}.email, n: count(${next}.id) }).from(${table}).leftJoin(${next}, eq(${next}.id, ${table}.nextId)).where(gt(${table}.views, ${q})).groupBy(${table}.id); a${q}[0]!.n`,
    (q) =>
      `const a${q} = await db.select({ id: ${table}.id, email: ${table}.email, createdAt: ${table}.createdAt }).from(${table}).innerJoin(${far}, eq(${far}.id, ${table}.farId)).orderBy(desc(${far}.createdAt)); a${q}[0]!.email.length`,
  ])
  const tables = [...new Set([table, next, far])].map((name) => `import { ${name} } from './${name}.ts'`)
  return `import { and, count, desc, eq, gt, like } from 'drizzle-orm'
import { db } from './db.ts'
${tables.join('\n')}
${body}`
}
