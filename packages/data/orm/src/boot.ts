import { ModelDefinitionError } from './errors.ts'
import { decodersOf } from './hydrate/instances.ts'
import type { ColumnMeta, ModelClass, ModelMeta } from './meta/model-meta.ts'
import { metaOf } from './meta/registry.ts'
import type { RelationMeta } from './meta/relation-meta.ts'
import { ModelInstance } from './model/instance.ts'

type Probe = new (row: unknown[], decoders: readonly undefined[], set: undefined) => object

/**
 * Links models and checks that they can work together: targets that are models, other sides that agree, names that do not
 * collide, tables and junctions that are there once.
 * @returns what is allowed but probably not meant
 * @throws {ModelDefinitionError}
 */
export function checkModels(models: readonly ModelClass[]): string[] {
  const metas = models.map(metaOf)
  assertOwnTables(metas)
  const warnings: string[] = []
  for (const meta of metas) {
    assertNames(meta)
    assertColumnsShow(meta)
    for (const name of meta.relationNames) warnings.push(...relationWarnings(meta, meta.relation(name)))
  }
  return warnings
}

/** Two models of one table would each overwrite what the other does not know; a subclass shares its parent's. */
function assertOwnTables(metas: readonly ModelMeta[]): void {
  const owners = new Map<string, ModelMeta>()
  for (const meta of metas) {
    const owner = owners.get(meta.table)
    if (owner && owner.declaration !== meta.declaration)
      throw new ModelDefinitionError(meta.name, `its table '${meta.table}' is that of ${owner.name} too.`)
    owners.set(meta.table, meta)
  }
}

function assertNames(meta: ModelMeta): void {
  const columns = new Map<string, ColumnMeta>()
  for (const column of meta.columns) {
    const other = columns.get(column.column)
    if (other)
      throw new ModelDefinitionError(meta.name, `'${other.property}' and '${column.property}' are both the column '${column.column}'.`)
    columns.set(column.column, column)
    if (meta.hasRelation(column.property)) throw new ModelDefinitionError(meta.name, `'${column.property}' is a column and a relation.`)
  }
  for (const name of [...meta.columns.map(({ property }) => property), ...meta.relationNames]) {
    if (Object.hasOwn(ModelInstance.prototype, name))
      throw new ModelDefinitionError(
        meta.name,
        `'${name}' is a method of every model. Choose another name; its column may keep it: .column('${name}').`,
      )
  }
}

/** A field declared again in the class hides its column behind undefined. */
function assertColumnsShow(meta: ModelMeta): void {
  const row = meta.columns.map((column) => column.index)
  const probe = new (meta.model as unknown as Probe)(
    row,
    decodersOf(meta.columns, 'sqlite').map(() => undefined),
    undefined,
  ) as Record<string, unknown>
  for (const { property, index } of meta.columns) {
    if (probe[property] === index) continue
    throw new ModelDefinitionError(
      meta.name,
      `the class hides the column '${property}'. Where it declares it again write \`declare ${property}: …\`, or leave it out; a constructor passes its arguments on: constructor(...args) { super(...args) }.`,
    )
  }
}

function relationWarnings(meta: ModelMeta, relation: RelationMeta): string[] {
  const { local, kind, name } = relation
  const nullable = local.filter(({ field }) => field.nullable)
  if (kind !== 'belongsTo' || local.length < 2 || nullable.length === 0 || nullable.length === local.length) return []
  return [
    `The foreign key of ${meta.name}.${name} is partly nullable (${nullable.map(({ property }) => property).join(', ')}): a row with one part missing refers to nothing, and no engine checks the rest (MATCH SIMPLE).`,
  ]
}
