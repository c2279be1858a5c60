import { ModelDefinitionError, UnknownColumnError, UnknownRelationError } from '../errors.ts'
import type { FieldDefinition } from '../fields/definition.ts'
import type { Thunk } from '../relations/definition.ts'
import type { Declaration } from './declaration.ts'
import type { RelationMeta } from './relation-meta.ts'

/** A class made by `Model(…)`, as far as the run time uses it. */
export type ModelClass = (new (...args: never) => object) & { readonly name: string }

/** A column of a model's table. */
export interface ColumnMeta {
  readonly property: string
  readonly column: string
  /** Position among the model's columns, which is its position in a whole row. */
  readonly index: number
  readonly field: FieldDefinition
  /** The belongsTo (or polymorphic) relation whose foreign key this is. */
  readonly relation?: string
}

/** What a meta has others work out, so that those may know metas themselves. */
export interface Linker {
  columns(meta: ModelMeta): readonly ColumnMeta[]
  /** The properties of the primary key. */
  primaryKey(meta: ModelMeta): readonly string[]
  relation(meta: ModelMeta, name: string): RelationMeta
  /** @throws {ModelDefinitionError} when the value is no model class */
  metaOf(model: unknown): ModelMeta
  isModel(model: unknown): boolean
}

let made = 0

/** What the run time knows of one model class. Columns and relations are worked out at first use, when all modules are loaded. */
export class ModelMeta {
  readonly model: ModelClass
  /** Tells it from every other model of the process: two may have one name, or one table. */
  readonly id: number
  /** Kept, since a function's own name is computed each time it is asked for. */
  readonly name: string
  readonly declaration: Declaration
  #columns: readonly ColumnMeta[] | undefined
  #byProperty: ReadonlyMap<string, ColumnMeta> | undefined
  #primaryKey: readonly ColumnMeta[] | undefined
  #relationNames: readonly string[] | undefined
  #memberNames: readonly string[] | undefined
  readonly #relations = new Map<string, RelationMeta>()
  readonly #linker: Linker

  constructor(model: ModelClass, declared: Declaration, linker: Linker) {
    made += 1
    this.id = made
    this.#linker = linker
    this.model = model
    this.name = model.name
    this.declaration = declared
  }

  get table(): string {
    return this.declaration.table
  }

  get columns(): readonly ColumnMeta[] {
    return (this.#columns ??= this.#linker.columns(this))
  }

  get primaryKey(): readonly ColumnMeta[] {
    return (this.#primaryKey ??= this.#linker.primaryKey(this).map((property) => this.column(property)))
  }

  /** The one column of the key. @throws {ModelDefinitionError} for a composite one */
  get key(): ColumnMeta {
    const [key, second] = this.primaryKey
    if (!key || second) throw new ModelDefinitionError(this.name, 'its primary key is not one column, which is needed here.')
    return key
  }

  /** @throws {UnknownColumnError} */
  column(property: string): ColumnMeta {
    const column = this.findColumn(property)
    if (!column) {
      throw new UnknownColumnError(
        this.name,
        property,
        // The answer to a request may repeat the message.
        this.columns.filter(({ field }) => field.hidden !== true).map((known) => known.property),
      )
    }
    return column
  }

  findColumn(property: string): ColumnMeta | undefined {
    this.#byProperty ??= new Map(this.columns.map((column) => [column.property, column]))
    return this.#byProperty.get(property)
  }

  /** The column with this duty, if the model has one. */
  duty(duty: NonNullable<FieldDefinition['duty']>): ColumnMeta | undefined {
    return this.columns.find(({ field }) => field.duty === duty)
  }

  /** The meta of the model that a relation's function returns. @throws {ModelDefinitionError} when it is none, or not there yet */
  target(thunk: Thunk | undefined, relation: string): ModelMeta {
    const model = this.#called(thunk, relation)
    if (this.#linker.isModel(model)) return this.#linker.metaOf(model)
    const given = typeof model === 'function' ? model.name : String(model)
    throw new ModelDefinitionError(
      this.name,
      `the function of '${relation}' gives ${given}, which is no class that extends Model(…). A relation takes a function that returns one: hasMany(() => Post).`,
    )
  }

  #called(thunk: Thunk | undefined, relation: string): unknown {
    try {
      return thunk?.()
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error
      throw new ModelDefinitionError(
        this.name,
        `its relation '${relation}' is asked for before the class it leads to is there (${error.message}). A query does that which is made while the modules are loading, as in a static initialiser. Make it in a method, which runs when it is called: static newest() { return this.query().orderBy('id', 'desc') }.`,
      )
    }
  }

  get relationNames(): readonly string[] {
    return (this.#relationNames ??= Object.entries(this.declaration.shape)
      .filter(([, member]) => member.kind !== 'field')
      .map(([name]) => name))
  }

  /** What an instance may have beside its columns: relations, and the row of a junction it was read through. */
  get memberNames(): readonly string[] {
    return (this.#memberNames ??= [...this.relationNames, 'pivot'])
  }

  hasRelation(name: string): boolean {
    const { shape } = this.declaration
    return Object.hasOwn(shape, name) && shape[name]?.kind !== 'field'
  }

  /** @throws {UnknownRelationError} and, when it is looked at for the first time, {@link ModelDefinitionError} */
  relation(name: string): RelationMeta {
    const known = this.#relations.get(name)
    if (known) return known
    if (!this.hasRelation(name)) throw new UnknownRelationError(this.name, name, this.relationNames)
    const relation = this.#linker.relation(this, name)
    this.#relations.set(name, relation)
    return relation
  }
}
