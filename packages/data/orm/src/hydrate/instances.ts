import type { Database } from '@covet/db'
import { codecOf } from '../codecs/codec-of.ts'
import { ModelDefinitionError } from '../errors.ts'
import type { ColumnMeta, ModelMeta } from '../meta/model-meta.ts'
import type { QueryState } from '../query/state.ts'
import { accessOf } from './access.ts'
import type { Decoders, Peers, ResultSet, Row } from './base-class.ts'
import { deferredProperties, unaskedProperty } from './deferred.ts'
import { selectedSetter } from './selected.ts'

export const fewPeers = 1_024

type Constructor = new (row: Row, decoders: Decoders, set: ResultSet) => object

/** Makes the rows of a query instances of its model, in place. */
export type Hydrate = (rows: Row[], database: Database) => object[]

export function decodersOf(columns: readonly ColumnMeta[], dialect: string): Decoders {
  return columns.map(({ field }) => {
    const { decode, guard } = codecOf(field, dialect)
    return decode ?? guard
  })
}

/** Those of statements that say which columns are read as numbers: SQLite's driver refuses the others then. */
function readDecoders(columns: readonly ColumnMeta[], dialect: string): Decoders {
  return dialect === 'sqlite' ? columns.map(({ field }) => codecOf(field, dialect).decode) : decodersOf(columns, dialect)
}

/** How the rows of a query become instances: its columns first, then what it is annotated with. */
export function hydratorOf({ meta, columns, unasked, annotations }: QueryState, dialect: string): Hydrate {
  const whole = columns ? deferringHydrator(meta, columns, unasked, dialect) : hydrator(meta, dialect)
  if (annotations.length === 0) return whole
  const annotate = selectedSetter(annotations, (columns ?? meta.columns).length, dialect)
  return (rows, database) => {
    const raw = [...rows]
    const instances = whole(rows, database)
    for (let index = 0; index < raw.length; index += 1) annotate(instances[index] as object, raw[index] as Row)
    return instances
  }
}

/** Rows that begin with all columns of the model. */
export function hydrator(meta: ModelMeta, dialect: string, decoders: Decoders = readDecoders(meta.columns, dialect)): Hydrate {
  const Model = meta.model as unknown as Constructor
  let checked = false
  return (rows, database) => {
    const instances = rows as unknown as object[]
    const set = resultSet(instances, database)
    for (let index = 0; index < rows.length; index += 1) instances[index] = new Model(rows[index] ?? [], decoders, set)
    if (!checked && instances.length > 0) {
      assertHydrated(meta, instances[0])
      checked = true
    }
    return instances
  }
}

/** Rows of some columns: the others are marked as not read. */
function deferringHydrator(meta: ModelMeta, columns: readonly ColumnMeta[], unasked: ColumnMeta | undefined, dialect: string): Hydrate {
  const hydrate = hydrator(meta, dialect)
  const missing = meta.columns.filter((column) => !columns.includes(column))
  const properties = { ...deferredProperties(meta, missing), ...(unasked && unaskedProperty(meta, unasked, dialect)) }
  return (rows, database) => {
    for (let index = 0; index < rows.length; index += 1) {
      const row = rows[index] as Row
      const whole: Row = new Array<unknown>(meta.columns.length).fill(null)
      for (let position = 0; position < columns.length; position += 1) whole[(columns[position] as ColumnMeta).index] = row[position]
      rows[index] = whole
    }
    const instances = hydrate(rows, database)
    const { rowOf } = accessOf(meta)
    for (let index = 0; index < instances.length; index += 1) {
      const instance = instances[index] as object
      Object.defineProperties(instance, properties)
      // NULL was for the constructor: what was not read is not known.
      const row = rowOf(instance) as Row
      for (let position = 0; position < missing.length; position += 1) row[(missing[position] as ColumnMeta).index] = undefined
    }
    return instances
  }
}

/** One row alone has no peers. */
export function resultSet(instances: readonly object[], database: Database): ResultSet {
  return { database, peers: instances.length > 1 ? peersOf(instances) : undefined }
}

/**
 * A weak reference keeps its target until the event loop turns, so that a loop over small results would hold all of
 * them: few instances rather keep each other alive.
 */
function peersOf(instances: readonly object[]): Peers {
  return instances.length > fewPeers ? new WeakRef(instances) : new FewPeers(instances)
}

class FewPeers implements Peers {
  readonly #instances: readonly object[]

  constructor(instances: readonly object[]) {
    this.#instances = instances
  }

  deref(): readonly object[] {
    return this.#instances
  }
}

/** What a class does to its rows when it declares a constructor or a field of the same name. */
function assertHydrated(meta: ModelMeta, instance: object | undefined): void {
  if (instance === undefined) return
  if (accessOf(meta).rowOf(instance) === undefined) {
    throw new ModelDefinitionError(
      meta.name,
      'its constructor does not pass its arguments on. Write constructor(...args) { super(...args) }, or none.',
    )
  }
  for (const { property } of meta.columns) {
    if ((instance as Record<string, unknown>)[property] === undefined)
      throw new ModelDefinitionError(
        meta.name,
        `the class declares '${property}' again, which hides the column. Write \`declare ${property}: …\`, or leave it out.`,
      )
  }
}
