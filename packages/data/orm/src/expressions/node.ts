import type { Expression as KyselyExpression } from 'kysely'
import type { FieldDefinition } from '../fields/definition.ts'
import type { ColumnMeta } from '../meta/model-meta.ts'
import type { Junction } from '../meta/relation-meta.ts'
import type { QueryState } from '../query/state.ts'
import type { Source } from './source.ts'

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>='
export type Match = 'contains' | 'startsWith' | 'endsWith'
export type AggregateName = 'count' | 'sum' | 'avg' | 'min' | 'max'

/** What an expression is worth: the field whose codec its values have, and whether NULL may come out. */
export type ValueType = FieldDefinition

/** A query inside another one. */
export interface Subquery {
  /** The structure, for the shape. */
  readonly token: string
  readonly values: readonly unknown[]
  /** What its calls add up to; its slots count from 0. */
  state(): QueryState
}

/** An expression. Values are slots: two expressions with other values are the same text. */
export type Node =
  | { readonly kind: 'column'; readonly source: Source; readonly column: ColumnMeta }
  | { readonly kind: 'value'; readonly value: unknown; readonly type: ValueType }
  | { readonly kind: 'compare'; readonly op: Comparison; readonly left: Node; readonly right: Node }
  | { readonly kind: 'null'; readonly of: Node; readonly negated: boolean }
  | { readonly kind: 'in'; readonly of: Node; readonly values: readonly unknown[]; readonly type: ValueType; readonly negated: boolean }
  /** Columns that are one of some composite keys. */
  | {
      readonly kind: 'keys'
      readonly of: readonly Node[]
      readonly keys: readonly (readonly unknown[])[]
      readonly types: readonly ValueType[]
    }
  | { readonly kind: 'inQuery'; readonly of: Node; readonly query: Subquery; readonly negated: boolean }
  | { readonly kind: 'between'; readonly of: Node; readonly from: Node; readonly to: Node }
  | { readonly kind: 'like'; readonly of: Node; readonly pattern: Node; readonly insensitive: boolean }
  | { readonly kind: 'match'; readonly of: Node; readonly how: Match; readonly text: string; readonly insensitive: boolean }
  | { readonly kind: 'logic'; readonly op: 'and' | 'or'; readonly parts: readonly Node[] }
  | { readonly kind: 'not'; readonly of: Node }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** A number that belongs to the structure: the digits of a rounding, the distance of a lag. */
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'any'; readonly source: Source; readonly where: Node | undefined }
  /** Rows of a manyToMany relation that a junction relates to one key. */
  | {
      readonly kind: 'through'
      readonly source: Source
      readonly junction: Junction
      readonly foreign: readonly ColumnMeta[]
      readonly key: readonly Node[]
    }
  | { readonly kind: 'exists'; readonly query: Subquery }
  | {
      readonly kind: 'recursive'
      readonly source: Source
      readonly from: Subquery
      readonly depth: number | undefined
      /** The scope of the model does not end it, since its query has none. */
      readonly unscoped?: boolean
    }
  | { readonly kind: 'subquery'; readonly query: Subquery }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Node[]; readonly type: ValueType }
  | {
      readonly kind: 'aggregate'
      readonly fn: AggregateName
      readonly of: Node | undefined
      readonly distinct: boolean
      readonly where: Node | undefined
      /** Of an aggregate over a to-many relation: its rows. */
      readonly over: Source | undefined
      readonly type: ValueType
      /** What is aggregated. */
      readonly input: ValueType
    }
  | { readonly kind: 'window'; readonly of: Node; readonly window: Window }
  | {
      readonly kind: 'case'
      readonly branches: readonly { readonly when: Node; readonly value: Node }[]
      readonly otherwise: Node | undefined
    }
  | { readonly kind: 'json'; readonly of: Node; readonly path: readonly (string | number)[]; readonly type: ValueType }
  | { readonly kind: 'raw'; readonly strings: readonly string[]; readonly parts: readonly Node[] }
  | { readonly kind: 'sql'; readonly sql: KyselyExpression<unknown>; readonly text: string; readonly values: readonly unknown[] }

export interface Window {
  readonly partitionBy: readonly Node[]
  readonly orderBy: readonly Ordering[]
  readonly frame?: string
}

export interface Ordering {
  readonly by: Node
  readonly direction: 'asc' | 'desc'
  readonly nulls: 'first' | 'last'
}
