// Interfaces, because the compiler would make an object type that stands inside a conditional anew for every member of
// every model.

export interface IsField {
  readonly kind: 'field'
}

/** What no path of columns leads through: a field, or rows of several models. */
export interface IsNoPath {
  readonly kind: 'field' | 'polymorphic'
}

export interface IsToOne {
  readonly kind: 'belongsTo' | 'hasOne'
}

export interface IsHasOne {
  readonly kind: 'hasOne'
}

export interface IsHasMany {
  readonly kind: 'hasMany'
}

export interface IsPolymorphic {
  readonly kind: 'polymorphic'
}

export interface IsNullable {
  readonly '~nullable': true
}

/** What stands for several columns. */
export type IsSeveral = IsPolymorphic | IsComposite

interface IsComposite {
  readonly kind: 'belongsTo'
  readonly '~fk': object
}
