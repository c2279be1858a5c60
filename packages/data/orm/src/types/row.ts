import type { Columns, ColumnKey, ColumnOf, FlagsOf, InOf, KeyProperties, KindOf, OutOf } from './shape.ts'
import type { Simplify } from './simplify.ts'

/** The columns of an instance. */
export type Row<S> = { -readonly [K in keyof Columns<S>]: OutOf<Columns<S>[K]> }

type Written<S> = { [K in keyof Columns<S>]: 'generated' extends FlagsOf<Columns<S>[K]> ? never : K }[keyof Columns<S>]
type Optional<S> = { [K in keyof Columns<S>]: 'optional' extends FlagsOf<Columns<S>[K]> ? K : never }[keyof Columns<S>]
type Visible<S> = { [K in keyof Columns<S>]: 'hidden' extends FlagsOf<Columns<S>[K]> ? never : K }[keyof Columns<S>]

/** What a create takes. Foreign keys are part of it; what has a default, is generated or may be null can be left out. */
export type Insert<S> = Simplify<
  { [K in Exclude<Written<S>, Optional<S>>]: InOf<Columns<S>[K]> } & { [K in Extract<Written<S>, Optional<S>>]?: InOf<Columns<S>[K]> }
>

/** What an update takes. */
export type Update<S> = { [K in Written<S>]?: InOf<Columns<S>[K]> }

/** What an update of one row among several takes: its key too. */
export type KeyedUpdate<S, Named> = Update<S> & { readonly [P in KeyProperties<S, Named> & string]: InOf<ColumnOf<S, P>> }

/** A value as JSON has it: 64 bit integers, times and bytes are strings. */
type JsonOut<C> = KindOf<C> extends 'bigint' | 'datetime' | 'bytes' ? string | Extract<OutOf<C>, null> : OutOf<C>
type JsonIn<C> = KindOf<C> extends 'bigint' | 'datetime' | 'bytes' ? string | Extract<InOf<C>, null> : Exclude<InOf<C>, symbol>

/** What `toJSON` gives of the columns: hidden ones are left out. */
export type Read<S> = { [K in Visible<S>]: JsonOut<Columns<S>[K]> }

/** A create as a JSON body. */
export type CreateBody<S> = Simplify<
  { [K in Exclude<Written<S>, Optional<S>>]: JsonIn<Columns<S>[K]> } & { [K in Extract<Written<S>, Optional<S>>]?: JsonIn<Columns<S>[K]> }
>

/** An update as a JSON body. */
export type UpdateBody<S> = { [K in Written<S>]?: JsonIn<Columns<S>[K]> }

/** Equal to a value, or to one of a list. */
export type Match<S> = { readonly [K in ColumnKey<S>]?: Filter<Columns<S>[K]> | readonly Filter<Columns<S>[K]>[] }

/** What a column is compared with: what it gives, and what it takes. */
export type Filter<C> = OutOf<C> | InOf<C>
