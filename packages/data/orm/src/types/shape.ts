import type { IsField, IsHasOne, IsNoPath, IsNullable, IsPolymorphic, IsSeveral, IsToOne } from './kinds.ts'
import type { FieldDefinition } from '../fields/definition.ts'
import type { ColumnKind, ColumnTypes, FieldFlag } from '../fields/types.ts'
import type { RelationDefinition, RelationKind } from '../relations/definition.ts'
import type { KEY, SHAPE } from './symbols.ts'

/** What may stand in a model's shape. Told apart by `kind` alone: nothing here may look at what a relation's function returns. */
export type Member =
  | { readonly kind: 'field'; readonly definition: FieldDefinition }
  | { readonly kind: RelationKind; readonly definition: RelationDefinition }

export type Shape = Readonly<Record<string, Member>>

/** Anything that makes instances. */
export type Constructor<Instance> = abstract new (...args: never) => Instance

/** What `() => Post` gives instances of. Asked only by queries, when all models are declared. */
export type InstanceOf<F> = F extends () => infer Model ? (Model extends Constructor<infer Instance> ? Instance : never) : never

/** The shape behind an instance type. */
export type ShapeOf<T> = T extends { readonly [SHAPE]: infer S } ? S : never

/** The names of the relations. */
export type RelationKey<S> = { [K in keyof S]: S[K] extends IsField ? never : K }[keyof S] & string
/** The relations a path leads through: to rows of one model. */
export type PathKey<S> = { [K in keyof S]: S[K] extends IsNoPath ? never : K }[keyof S] & string
/** The relations that lead to one row at most. */
export type ToOneKey<S> = { [K in keyof S]: S[K] extends IsToOne ? K : never }[keyof S] & string

/** The instances a relation leads to. */
export type TargetOf<R> = R extends { readonly '~target': infer F }
  ? InstanceOf<F>
  : R extends { readonly '~targets': infer Targets }
    ? PolymorphicTarget<Targets>
    : never
type PolymorphicTarget<Targets> = { [Name in keyof Targets]: InstanceOf<Targets[Name]> }[keyof Targets]

/** The shape a relation leads to. */
export type TargetShape<R> = ShapeOf<TargetOf<R>>

/** What stands for the columns of a related row where there may be none. */
export type Absence<R> = R extends IsNullable | IsHasOne ? null : never

/** A property that is a field as well is that field. */
type Unclaimed<Name, S> = Name extends keyof S ? never : Name

/** The column of a belongsTo. */
type ForeignName<R, Name, S> = R extends { kind: 'belongsTo'; '~fk': infer FK }
  ? FK extends ''
    ? Unclaimed<`${Name & string}Id`, S>
    : FK extends string
      ? Unclaimed<FK, S>
      : never
  : never

/** The members that stand for several columns. */
type SeveralKey<S> = { [K in keyof S]: S[K] extends IsSeveral ? K : never }[keyof S]

type NullOf<R> = R extends IsNullable ? null : never
type FlagOf<R> = R extends IsNullable ? 'optional' : never

/** Every column with its types: fields, and what relations bring. */
// A conditional, because the compiler keeps the answers of those; and Pick, because the keys of a mapped type with renamed
// keys would be worked out anew for every path of every query.
export type Columns<S> = [SeveralKey<S>] extends [never]
  ? Pick<Single<S>, keyof Single<S>>
  : Pick<Single<S> & Several<S, SeveralKey<S>>, keyof (Single<S> & Several<S, SeveralKey<S>>)>

type Single<S> = {
  readonly [K in keyof S as S[K] extends IsField ? K : ForeignName<S[K], K, S>]: S[K] extends { readonly '~types': infer Types }
    ? Types
    : Referring<KeyColumn<TargetOf<S[K]>>, S[K]>
}

type Several<S, Keys extends keyof S> = { readonly [K in Keys as PolymorphicName<S[K], K, 'Type'>]: PolymorphicType<S[K]> } & {
  readonly [K in Keys as PolymorphicName<S[K], K, 'Id'>]: Referring<KeyColumn<TargetOf<S[K]>>, S[K]>
} & {
  readonly [P in Exclude<CompositeForeignKey<S[Keys]>, keyof S>]: CompositeColumn<S[Keys], P>
}

type PolymorphicName<R, Name, Suffix extends string> = R extends IsPolymorphic ? `${Name & string}${Suffix}` : never

/** The foreign keys of a belongsTo of a composite key: the target's property by the own one. */
type CompositeForeignKey<R> = R extends { '~fk': infer FK } ? keyof FK : never

/** The type of a foreign key is that of the key it refers to. */
type Referring<C, R> =
  C extends ColumnTypes<infer Out, infer In, infer Kind, FieldFlag> ? ColumnTypes<Out | NullOf<R>, In | NullOf<R>, Kind, FlagOf<R>> : never

type PolymorphicType<R> = R extends { readonly '~targets': infer Targets }
  ? ColumnTypes<(keyof Targets & string) | NullOf<R>, (keyof Targets & string) | NullOf<R>, 'text', FlagOf<R>>
  : never

type CompositeColumn<R, P> = R extends { readonly '~fk': infer FK }
  ? P extends keyof FK
    ? FK[P] extends keyof Columns<TargetShape<R>>
      ? Referring<Columns<TargetShape<R>>[FK[P]], R>
      : never
    : never
  : never

export type ColumnKey<S> = keyof Columns<S> & string

export type OutOf<C> = C extends { readonly out: infer Out } ? Out : never
export type InOf<C> = C extends { readonly in: infer In } ? In : never
export type KindOf<C> = C extends { readonly kind: infer Kind extends ColumnKind } ? Kind : never
export type FlagsOf<C> = C extends { readonly flags: infer Flags } ? Flags : never

/** The types of a column by its property; never for what is none. */
export type ColumnOf<S, P> = P extends keyof Columns<S> ? Columns<S>[P] : never

/** The field marked as the key, or `id`. */
type ImpliedKey<S> = S extends { id: { '~types': { flags: infer Flags } } } ? ('primary' extends Flags ? 'id' : MarkedKey<S>) : MarkedKey<S>
type MarkedKey<S> = OrId<
  { [K in keyof S]: S[K] extends { '~types': { flags: infer Flags } } ? ('primary' extends Flags ? K : never) : never }[keyof S]
>
type OrId<Marked> = [Marked] extends [never] ? 'id' : Marked

/** The properties of the key of a model; `Named` are those its options name. */
export type KeyProperties<S, Named> = Named extends readonly [] ? ImpliedKey<S> : Named extends readonly (infer P)[] ? P : never

/** The type of the one column that other models refer to. */
type KeyColumn<T> = T extends { readonly [SHAPE]: infer S; readonly [KEY]: infer Named } ? ColumnOf<S, KeyProperties<S, Named>> : never

/** What `find` takes: the key's value, or of a composite one an object of its properties. */
export type KeyValue<S, Named> = Named extends readonly [infer _First, infer _Second, ...infer _Rest extends readonly unknown[]]
  ? { readonly [P in Named[number & keyof Named] & string]: InOf<ColumnOf<S, P>> }
  : InOf<ColumnOf<S, KeyProperties<S, Named>>>

/** The key's value of an instance type. */
export type KeyOf<T> = T extends { readonly [SHAPE]: infer S; readonly [KEY]: infer Named } ? KeyValue<S, Named> : never
