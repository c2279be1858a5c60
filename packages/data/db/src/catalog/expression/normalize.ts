import type { CatalogDialect } from '../types.ts'
import { parseExpression } from './parse.ts'
import { printExpression, renderExpression } from './print.ts'
import type { TypeOf } from './simplify.ts'

/**
 * An expression in the one spelling of catalogues: keywords and functions in lower case, names in quotes only where they
 * need them, no parentheses without an effect, none of the casts that PostgreSQL prints. What is not understood stays as
 * it is, apart from white space. `typeOf` tells the casts that PostgreSQL added from those that change a value.
 */
export function normalizeExpression(sql: string, dialect: CatalogDialect, typeOf?: TypeOf): string {
  const expression = parseExpression(sql, dialect, typeOf)
  return expression ? printExpression(expression) : sql.trim().replaceAll(/\s+/g, ' ')
}

/** An expression of a catalogue in the SQL of an engine; one that is not understood is passed on as it is. */
export function expressionSql(expression: string, dialect: CatalogDialect): string {
  // The common spelling is SQLite's: double quotes, no folding of names.
  const parsed = parseExpression(expression, 'sqlite')
  return parsed ? renderExpression(parsed, dialect) : expression
}
