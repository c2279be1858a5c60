import { sql } from 'kysely'
import type { Database } from '@covet/db'
import { codecOf } from '../codecs/codec-of.ts'
import { InvalidQueryError } from '../errors.ts'
import type { ColumnMeta } from '../meta/model-meta.ts'
import type { RelationMeta } from '../meta/relation-meta.ts'
import type { KeyValues } from '../query/key-nodes.ts'
import type { Sql } from '../sql/dialect.ts'
import { equalsSql, names, placeholder, textOf } from '../write/sql-text.ts'

type Convert = ((value: unknown) => unknown) | undefined
type Named = readonly { readonly name: string }[]

/** Texts for more rows are made each time: the rows cost more than they do. */
const mostKept = 64

/** The statements of a junction that is no model, for one engine. */
export class JunctionStatements {
  readonly table: string
  readonly #dialect: string
  readonly #ownerColumns: Named
  readonly #targetColumns: Named
  readonly #ownerEncoders: readonly Convert[]
  readonly #targetEncoders: readonly Convert[]
  readonly #targetDecoders: readonly Convert[]
  readonly #texts = new Map<string, string>()

  constructor({ junction, owner, name, local, foreign }: RelationMeta, dialect: string) {
    if (!junction) throw new InvalidQueryError(`${owner.name}.${name} has no junction.`)
    this.table = junction.table
    this.#dialect = dialect
    this.#ownerColumns = junction.ownerColumns.map((column) => ({ name: column }))
    this.#targetColumns = junction.targetColumns.map((column) => ({ name: column }))
    this.#ownerEncoders = encodersOf(local, dialect)
    this.#targetEncoders = encodersOf(foreign, dialect)
    this.#targetDecoders = foreign.map(({ field }) => codecOf(field, dialect).decode)
  }

  ownerParams(key: KeyValues): readonly unknown[] {
    return converted(key, this.#ownerEncoders)
  }

  targetParams(key: KeyValues): readonly unknown[] {
    return converted(key, this.#targetEncoders)
  }

  targetOf(row: readonly unknown[]): KeyValues {
    return converted(row, this.#targetDecoders)
  }

  /** Its parameters: for each pair the owner's and the target's. A pair that is there stays as it is. */
  insert(pairs: number, database: Database): string {
    const columns = [...this.#ownerColumns, ...this.#targetColumns]
    return this.#text('insert', pairs, database, () => {
      const row = sql`(${list(columns.map(placeholder))})`
      return sql`insert into ${sql.table(this.table)} (${names(columns)}) values ${repeated(row, pairs, sql`, `)}${this.#unlessThere()}`
    })
  }

  /** Its parameters: the owner's, then those of all targets. */
  delete(targets: number, database: Database): string {
    return this.#text('delete', targets, database, () => {
      const target = sql`(${equalsSql(this.#targetColumns)})`
      return sql`delete from ${sql.table(this.table)} where ${equalsSql(this.#ownerColumns)} and (${repeated(target, targets, sql` or `)})`
    })
  }

  /** Its parameters: the owner's. */
  select(database: Database): string {
    return this.#text(
      'select',
      1,
      database,
      () => sql`select ${names(this.#targetColumns)} from ${sql.table(this.table)} where ${equalsSql(this.#ownerColumns)}`,
    )
  }

  /** Hides that a pair is there, and nothing else: INSERT IGNORE would hide a missing row of either side too. */
  #unlessThere(): Sql {
    const first = sql.id(this.#ownerColumns[0]?.name ?? '')
    return this.#dialect === 'mysql' ? sql` on duplicate key update ${first} = ${first}` : sql` on conflict do nothing`
  }

  #text(what: string, rows: number, database: Database, make: () => Sql): string {
    if (rows > mostKept) return textOf(make(), database)
    const key = `${what} ${rows}`
    const known = this.#texts.get(key)
    if (known !== undefined) return known
    const text = textOf(make(), database)
    this.#texts.set(key, text)
    return text
  }
}

function encodersOf(columns: readonly ColumnMeta[], dialect: string): readonly Convert[] {
  return columns.map(({ field }) => codecOf(field, dialect).encode)
}

function converted(values: readonly unknown[], converts: readonly Convert[]): readonly unknown[] {
  return values.map((value, index) => {
    const convert = converts[index]
    return convert ? convert(value) : value
  })
}

function repeated(part: Sql, count: number, separator: Sql): Sql {
  return sql.join(
    Array.from({ length: count }, () => part),
    separator,
  )
}

function list(parts: readonly Sql[]): Sql {
  return sql.join(parts, sql`, `)
}

const known = new WeakMap<RelationMeta, Map<string, JunctionStatements>>()

/** Those of a relation, made once. */
export function junctionStatements(relation: RelationMeta, { dialect }: Database): JunctionStatements {
  return known.get(relation)?.get(dialect) ?? makeStatements(relation, dialect)
}

function makeStatements(relation: RelationMeta, dialect: string): JunctionStatements {
  const byDialect = known.get(relation) ?? new Map<string, JunctionStatements>()
  const statements = new JunctionStatements(relation, dialect)
  known.set(relation, byDialect.set(dialect, statements))
  return statements
}
