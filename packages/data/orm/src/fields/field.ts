import { InvalidFieldError } from './errors.ts'
import type { FieldDefinition } from './definition.ts'
import type { ColumnKind, ColumnTypes, FieldFlag } from './types.ts'

/** A field of a model. Immutable: each method gives a new one, so that a field can be shared between models. */
export class Field<Out, In = Out, Kind extends ColumnKind = ColumnKind, Flags extends FieldFlag = never> {
  readonly kind = 'field'
  readonly definition: FieldDefinition
  /** For the compiler only; there is no such property. */
  declare readonly '~types': ColumnTypes<Out, In, Kind, Flags>

  constructor(definition: FieldDefinition) {
    this.definition = Object.freeze(definition)
  }

  /** May be null, and may be left out of a create. */
  nullable(): Field<Out | null, In | null, Kind, Flags | 'optional'> {
    return this.#extended({ nullable: true })
  }

  /**
   * What a create that leaves the field out stores: a value, or a function called for each row in the application.
   * @throws {InvalidFieldError} for undefined
   */
  default(value: In | (() => In)): Field<Out, In, Kind, Flags | 'optional'> {
    if (value === undefined)
      throw new InvalidFieldError('.default()', 'undefined is no value. Leave the call out, or make the field .nullable().')
    return this.#extended({ default: value })
  }

  /** No two rows may have the same value; nulls are not the same. */
  unique(): this {
    return this.#marked({ unique: true })
  }

  index(): this {
    return this.#marked({ index: true })
  }

  /** This field is the model's primary key. */
  primary(): Field<Out, In, Kind, Flags | 'primary'> {
    return this.#extended({ primary: true })
  }

  /** The engine computes the value: it is read and never written. */
  generated(): Field<Out, never, Kind, Flags | 'optional' | 'generated'> {
    return this.#extended({ generated: true })
  }

  /** Left out of `toJSON` and of every answer; a query still reads it. */
  hidden(): Field<Out, In, Kind, Flags | 'hidden'> {
    return this.#extended({ hidden: true })
  }

  /** Encrypted at rest: the same value is stored differently each time, so it cannot be compared, sorted or unique. */
  encrypted(): Field<Out, In, 'sealed', Flags> {
    return this.#extended({ encrypted: true })
  }

  /**
   * The column's name in the database. @default the property in snake_case
   * @throws {InvalidFieldError} for an empty name
   */
  column(name: string): this {
    if (typeof name !== 'string' || name.trim() === '') throw new InvalidFieldError('.column()', 'the name is empty.')
    return this.#marked({ column: name })
  }

  /**
   * Looks at a value before it is written, null apart; several checks run in the order of their declaration.
   * @param check gives a phrase that reads after the field's name ("must not end in a space"), or undefined when all is well
   */
  check(check: (value: NonNullable<In>) => string | undefined): this {
    const checks = [...(this.definition.checks ?? []), check as (value: unknown) => string | undefined]
    return this.#marked({ checks })
  }

  /**
   * Compares and sorts without regard to case, as the engine does: SQLite folds ASCII alone, MariaDB and MySQL take `é` for `e`.
   * @throws {InvalidFieldError} for a field without text
   */
  ci(): this {
    if (this.definition.type !== 'string' && this.definition.type !== 'text') {
      throw new InvalidFieldError('.ci()', `f.${this.definition.type}() has no case. Only f.string() and f.text() do.`)
    }
    return this.#marked({ ci: true })
  }

  /** The same types with more facts. A method of Field returns its own class, so `this` is what is made. */
  #marked(facts: Partial<FieldDefinition>): this {
    return new Field({ ...this.definition, ...facts }) as unknown as this
  }

  #extended<Changed>(facts: Partial<FieldDefinition>): Changed {
    return new Field({ ...this.definition, ...facts }) as Changed
  }
}
