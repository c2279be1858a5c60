import { checkOfType } from '../type-checks.ts'
import { constraintName } from '../names.ts'
import { expressionSql } from '../expression/normalize.ts'
import type { ForeignKey, Table } from '../types.ts'
import type { Engine } from './engine.ts'

export function quote(name: string, { dialect }: Engine): string {
  return dialect === 'mysql' ? `\`${name.replaceAll('`', '``')}\`` : `"${name.replaceAll('"', '""')}"`
}

export function quoteAll(names: readonly string[], engine: Engine): string {
  return names.map((name) => quote(name, engine)).join(', ')
}

export function addForeignKey(table: string, key: ForeignKey, engine: Engine): string {
  return `alter table ${quote(table, engine)} add ${foreignKey(key, engine)}`
}

/** The constraints of a table but for its key, which some engines have with the column. */
export function constraints(table: Table, engine: Engine): readonly string[] {
  return [
    ...table.uniques.map(({ name, columns, nullsNotDistinct, deferrable }) => {
      const nulls = nullsNotDistinct ? ' nulls not distinct' : ''
      return `${named(name, engine)}unique${nulls} (${quoteAll(columns, engine)})${deferring(deferrable)}`
    }),
    ...table.foreignKeys.map((key) => foreignKey(key, engine)),
    ...typeChecks(table, engine),
    ...table.checks.map(({ name, expression }) => check(name, expression, engine)),
  ]
}

function typeChecks(table: Table, engine: Engine): readonly string[] {
  return table.columns.flatMap((column) => {
    // MariaDB adds the one of its JSON itself.
    const expression = column.type.kind === 'json' && engine.dialect === 'mysql' ? undefined : checkOfType(column, engine.dialect)
    return expression === undefined ? [] : [check(constraintName(table.name, [column.name], 'check'), expression, engine)]
  })
}

function check(name: string | undefined, expression: string, engine: Engine): string {
  return `${named(name, engine)}check (${expressionSql(expression, engine.dialect)})`
}

function foreignKey({ name, columns, references, onDelete, onUpdate, deferrable }: ForeignKey, engine: Engine): string {
  const schema = references.schema === undefined ? '' : `${quote(references.schema, engine)}.`
  const target = `${schema}${quote(references.table, engine)} (${quoteAll(references.columns, engine)})`
  const actions = `on delete ${onDelete} on update ${onUpdate}`
  return `${named(name, engine)}foreign key (${quoteAll(columns, engine)}) references ${target} ${actions}${deferring(deferrable)}`
}

function named(name: string | undefined, engine: Engine): string {
  return name === undefined ? '' : `constraint ${quote(name, engine)} `
}

function deferring(deferrable: ForeignKey['deferrable']): string {
  return deferrable ? ` deferrable initially ${deferrable}` : ''
}
