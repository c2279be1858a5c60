export { orm } from './plugin.ts'
export type { OrmOptions } from './options.ts'
export { Models } from './models.ts'
export { bind } from './binding.ts'
export { checkModels } from './boot.ts'
export { invalidateQueries, useQueryCache } from './cache/query-cache.ts'
export { memoryStore } from './cache/memory-store.ts'
export type { MemoryStoreOptions } from './cache/memory-store.ts'
export type { QueryCacheStore } from './cache/store.ts'
export { keyLoader } from './query/key-loader.ts'
export type { KeyLoader, KeyLoaderOptions } from './query/key-loader.ts'
export { Model } from './model/index.ts'
export { f, timestamps } from './fields/f.ts'
export { JsonNull } from './codecs/check.ts'
export { belongsTo } from './relations/belongs-to.ts'
export { hasMany, hasOne } from './relations/has.ts'
export { manyToMany } from './relations/many-to-many.ts'
export { polymorphic } from './relations/polymorphic.ts'
export {
  and,
  caseWhen,
  denseRank,
  exists,
  firstValue,
  lag,
  lastValue,
  lead,
  not,
  now,
  or,
  rank,
  raw,
  rowNumber,
  value,
} from './functions.ts'
export { useKeys } from './crypto/key-service.ts'
export type { KeyService, Sealed } from './crypto/key-service.ts'
export { localKeys } from './crypto/local-keys.ts'
export type { LocalKeysOptions } from './crypto/local-keys.ts'
export { catalogOf } from './schema/catalog-of.ts'
export { detectNPlusOne, type DetectionMode, type DetectionOptions } from './detect/detection.ts'
export { detectionScope } from './detect/scope.ts'
export { validate } from './validate.ts'
export type { Rules, Validate } from './validation/validate.ts'
export type { Rule } from './validation/rules.ts'
export { generateModels } from './generate/generate-models.ts'
export type { GeneratedFile, GenerateOptions } from './generate/generate-models.ts'
export { existsRule, unique } from './validation/rules.ts'
export type { Cols } from './types/columns.ts'
export type { Query, Selection } from './types/query.ts'
export type { GroupQuery } from './types/group-query.ts'
export type { CursorPage, Page, QueryPlan } from './types/pages.ts'
export type { Insert, Row, Update } from './types/row.ts'
export type { KeyOf, ShapeOf } from './types/shape.ts'
export type { Expr, Expression } from './types/expression.ts'
export type { With } from './types/with.ts'
export type { ModelClass } from './meta/model-meta.ts'
export * as errors from './all-errors.ts'
