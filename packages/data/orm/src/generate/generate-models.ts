import type { Catalog } from '@covet/db/catalog'
import { isPlainJunction, planInverses } from './inverses.ts'
import { modelSource } from './model-source.ts'
import { planModels, type PropertyCase } from './plan.ts'
import { comment } from './source.ts'

export interface GenerateOptions {
  /** The database's `dialect`. */
  readonly dialect: string
  /** How columns become properties: in camelCase, or as they are called. @default 'camel' */
  readonly case?: PropertyCase
}

export interface GeneratedFile {
  /** Relative to the folder of the models. */
  readonly path: string
  readonly text: string
}

/**
 * The source of models for the tables of a database, a file each, and an `index.ts` of all. What a model cannot say (checks,
 * partial indexes, columns of types without a field) stands in comments, tables without a primary key in those of the index.
 * @example generateModels(await introspect(db), { dialect: db.dialect })
 */
export function generateModels(catalog: Catalog, { dialect, case: propertyCase = 'camel' }: GenerateOptions): GeneratedFile[] {
  const plans = planModels(catalog, propertyCase)
  const inverses = planInverses(plans)
  const written = [...plans.values()].filter((plan) => !isPlainJunction(plan, plans)).toSorted((left, right) => (left.file < right.file ? -1 : 1))
  const files = written.map((plan) => ({
    path: `${plan.file}.ts`,
    text: modelSource(plan, { plans, inverses: inverses.get(plan.table.name) ?? [], indexesForeignKeys: dialect === 'mysql' }),
  }))
  const left = catalog.tables.filter(({ name }) => !plans.has(name)).map(({ name }) => comment(`No model: ${name} has no primary key.`))
  const exported = written.map(({ className, file }) => `export { ${className} } from './${file}.ts'`)
  return [...files, { path: 'index.ts', text: [...left, ...exported, ''].join('\n') }]
}
