/** An SQL expression, without what engines add to it when they print it: casts, parentheses, quotes, spellings. */
export type Expression =
  | { readonly kind: 'column'; readonly path: readonly string[] }
  | { readonly kind: 'string'; readonly value: string }
  /** As written, a minus sign included. */
  | { readonly kind: 'number'; readonly text: string }
  /** Hexadecimal digits. */
  | { readonly kind: 'bytes'; readonly hex: string }
  /** `null`, `true`, `current_timestamp` … */
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'in'; readonly operand: Expression; readonly not: boolean; readonly list: readonly Expression[] }
  | { readonly kind: 'cast'; readonly operand: Expression; readonly type: string }
  | {
      readonly kind: 'case'
      readonly subject?: Expression
      readonly branches: readonly { readonly when: Expression; readonly then: Expression }[]
      readonly otherwise?: Expression
    }
