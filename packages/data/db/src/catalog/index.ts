export { introspect } from './introspect.ts'
export type { IntrospectOptions } from './introspect.ts'
export type {
  Catalog,
  CatalogDialect,
  Check,
  Column,
  ColumnDefault,
  ColumnType,
  ForeignKey,
  ForeignKeyAction,
  Index,
  IndexPart,
  Table,
  Unique,
} from './types.ts'
export { renderCreate } from './ddl/render-create.ts'
export { adaptCatalog } from './ddl/adapt.ts'
export { constraintName } from './names.ts'
export { parseTypeName, typeNameSql } from './type-name.ts'
export type { TypeName } from './type-name.ts'
export { sortCatalog } from './sort.ts'
export { normalizeExpression } from './expression/normalize.ts'
export type { TypeOf } from './expression/simplify.ts'
export { normalizeDefault } from './default.ts'
export { enumOfCheck, foldTypeChecks } from './type-checks.ts'
export type { ReadCheck } from './type-checks.ts'
export { Cursor } from './expression/cursor.ts'
export { tokensOf } from './expression/tokens.ts'
export type { Token } from './expression/tokens.ts'
export * as errors from './errors.ts'
