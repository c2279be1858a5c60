import type { ForeignKeyAction } from '@covet/db/catalog'
import type { ReferentialAction } from '../relations/definition.ts'
import { fieldSource } from './fields.ts'
import type { Inverse } from './inverses.ts'
import { isBrought, isSame, type ModelPlan, type Reference, rootOf } from './plan.ts'
import { isSayable, remarksOn } from './remarks.ts'
import { comment, list, propertyName, quoted } from './source.ts'

export interface SourceContext {
  readonly plans: ReadonlyMap<string, ModelPlan>
  readonly inverses: readonly Inverse[]
  /** The engine gives each foreign key an index. */
  readonly indexesForeignKeys: boolean
}

/** The file of one model. */
export function modelSource(plan: ModelPlan, context: SourceContext): string {
  const members = [...columnMembers(plan, context), ...context.inverses.map((inverse) => inverseMember(inverse))]
  const options = optionsOf(plan)
  return [
    imports(plan, members, context),
    '',
    ...(plan.table.comment === undefined ? [] : [comment(plan.table.comment)]),
    ...remarksOn(plan).map((remark) => comment(`Not in the model: ${remark}`)),
    `export class ${plan.className} extends ${modelCall(plan.table.name, members, options)} {}`,
    '',
  ].join('\n')
}

function modelCall(table: string, members: readonly string[], options: readonly string[]): string {
  const body = (indent: string): string => members.map((member) => `${indent}  ${member},\n`).join('')
  if (options.length === 0) return `Model(${quoted(table)}, {\n${body('')}})`
  return `Model(\n  ${quoted(table)},\n  {\n${body('  ')}  },\n  { ${options.join(', ')} },\n)`
}

function columnMembers(plan: ModelPlan, { plans, indexesForeignKeys }: SourceContext): readonly string[] {
  const { table, properties, references } = plan
  const members: string[] = []
  for (const column of table.columns) {
    const property = properties.get(column.name) ?? column.name
    const own = references.filter(({ key }) => key.columns[0] === column.name)
    const field = isBrought(plan, column.name) ? undefined : fieldSource(column, { table, property, root: rootOf(table, column, plans) })
    if (field !== undefined) members.push(`${propertyName(property)}: ${field}`)
    for (const reference of own) members.push(referenceMember(plan, reference, { plans, indexesForeignKeys }))
  }
  return members
}

const actions: Readonly<Record<ForeignKeyAction, ReferentialAction | undefined>> = {
  'no action': undefined,
  cascade: 'cascade',
  restrict: 'restrict',
  'set null': 'setNull',
  'set default': undefined,
}

function referenceMember(plan: ModelPlan, reference: Reference, { plans, indexesForeignKeys }: Omit<SourceContext, 'inverses'>): string {
  const { key, relation, isImplied } = reference
  const isNullable = key.columns.some((column) => plan.table.columns.find(({ name }) => name === column)?.nullable)
  const [onDelete, onUpdate] = [actions[key.onDelete], actions[key.onUpdate]]
  const options = [
    ...foreignKeyOption(plan, reference, plans),
    ...(onDelete ? [`onDelete: '${onDelete}'`] : []),
    ...(onUpdate ? [`onUpdate: '${onUpdate}'`] : []),
    ...(isImplied && !indexesForeignKeys && !isIndexed(plan, key.columns) ? ['index: false'] : []),
  ]
  const target = plans.get(reference.target)?.className ?? ''
  return `${propertyName(relation)}: belongsTo(() => ${target}${braced(options)})${isNullable ? '.nullable()' : ''}`
}

function foreignKeyOption({ properties }: ModelPlan, { key, target, relation }: Reference, plans: ReadonlyMap<string, ModelPlan>): readonly string[] {
  const own = key.columns.map((column) => properties.get(column) ?? column)
  if (own.length === 1) return own[0] === `${relation}Id` ? [] : [`fk: ${quoted(own[0] ?? '')}`]
  const foreign = key.references.columns.map((column) => plans.get(target)?.properties.get(column) ?? column)
  return [`fk: { ${own.map((property, index) => `${propertyName(property)}: ${quoted(foreign[index] ?? '')}`).join(', ')} }`]
}

/** Whether the columns have an index, or a key, of their own. */
function isIndexed({ table }: ModelPlan, columns: readonly string[]): boolean {
  const plain = table.indexes.filter(isSayable).map(({ parts }) => parts.map((part) => ('column' in part ? part.column : '')))
  return [...plain, ...table.uniques.map((unique) => unique.columns)].some((indexed) => isSame(indexed, columns))
}

function inverseMember({ kind, name, target, options }: Inverse): string {
  return `${propertyName(name)}: ${kind}(() => ${target}${braced(options)})`
}

function optionsOf(plan: ModelPlan): readonly string[] {
  const { table, properties } = plan
  const named = (columns: readonly string[]): string => list(columns.map((column) => properties.get(column) ?? column))
  const [key] = table.primaryKey
  const isMarked = table.primaryKey.length === 1 && !isBrought(plan, key ?? '')
  const uniques = table.uniques.filter(({ columns }) => columns.length > 1).map(({ columns }) => named(columns))
  const indexes = table.indexes
    .filter((index) => isSayable(index) && index.parts.length > 1)
    .map(({ parts }) => named(parts.flatMap((part) => ('column' in part ? [part.column] : []))))
  return [
    ...(isMarked ? [] : [`primary: ${named(table.primaryKey)}`]),
    ...(uniques.length > 0 ? [`unique: [${uniques.join(', ')}]`] : []),
    ...(indexes.length > 0 ? [`index: [${indexes.join(', ')}]`] : []),
  ]
}

function braced(options: readonly string[]): string {
  return options.length === 0 ? '' : `, { ${options.join(', ')} }`
}

const helpers = ['belongsTo', 'hasMany', 'hasOne', 'manyToMany'] as const

function imports(plan: ModelPlan, members: readonly string[], { plans }: SourceContext): string {
  const text = members.join('\n')
  const used = helpers.filter((helper) => text.includes(`: ${helper}(`))
  const fields = /: f\./.test(text) ? ['f'] : []
  const own = [...used, ...fields, 'Model'].toSorted((left, right) => (left.toLowerCase() < right.toLowerCase() ? -1 : 1))
  const others = [...plans.values()]
    .filter(({ className }) => className !== plan.className && text.includes(`() => ${className}`) && new RegExp(`\\(\\) => ${className}\\b`, 'u').test(text))
    .toSorted((left, right) => (left.file < right.file ? -1 : 1))
  return [
    `import { ${own.join(', ')} } from '@covet/orm'`,
    ...others.map(({ className, file }) => `import { ${className} } from './${file}.ts'`),
  ].join('\n')
}
