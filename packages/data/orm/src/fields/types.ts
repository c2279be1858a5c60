/** Which expressions a column takes part in. */
export type ColumnKind =
  | 'number'
  | 'bigint'
  | 'decimal'
  | 'text'
  | 'uuid'
  | 'bool'
  | 'datetime'
  | 'date'
  | 'time'
  | 'json'
  | 'bytes'
  | 'sealed'

/**
 * `optional`: may be left out of a create. `generated`: may not be written. `primary`: is the key. `hidden`: is not in
 * answers.
 */
export type FieldFlag = 'optional' | 'generated' | 'primary' | 'hidden'

/** What the compiler knows of a column: the value read, the values written, its kind and its flags. */
export interface ColumnTypes<Out, In, Kind extends ColumnKind, Flags extends FieldFlag> {
  readonly out: Out
  readonly in: In
  readonly kind: Kind
  readonly flags: Flags
}
