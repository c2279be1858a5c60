import { sql } from 'kysely'
import type { Database, Statement } from '@covet/db'
import { byDialect } from '../by-dialect.ts'
import { codecOf } from '../codecs/codec-of.ts'
import { InvalidQueryError } from '../errors.ts'
import type { ValueType } from '../expressions/node.ts'
import type { ColumnMeta } from '../meta/model-meta.ts'
import type { RelationMeta } from '../meta/relation-meta.ts'
import type { KeyValues } from '../query/key-nodes.ts'
import { compileSql, type Compiled } from '../sql/compile.ts'
import { SqlContext } from '../sql/context.ts'
import type { Sql } from '../sql/dialect.ts'
import { dialectOf, padsLists } from '../sql/dialects.ts'
import { expressionSql } from '../sql/expression.ts'
import { keysSql } from '../sql/keys.ts'
import { paddedSize } from '../sql/padded.ts'
import { Param } from '../sql/param.ts'
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
  readonly #targetTypes: readonly ValueType[]
  readonly #targetEncoders: readonly Convert[]
  readonly #targetDecoders: readonly Convert[]
  readonly #texts = new Map<string, string>()
  readonly #deletes = new Map<number, Compiled>()

  constructor({ junction, owner, name, local, foreign }: RelationMeta, dialect: string) {
    if (!junction) throw new InvalidQueryError(`${owner.name}.${name} has no junction.`)
    this.table = junction.table
    this.#dialect = dialect
    this.#ownerColumns = junction.ownerColumns.map((column) => ({ name: column }))
    this.#targetColumns = junction.targetColumns.map((column) => ({ name: column }))
    this.#ownerEncoders = encodersOf(local, dialect)
    this.#targetTypes = foreign.map(({ field }) => field)
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

  delete(owner: KeyValues, targets: readonly KeyValues[], database: Database): Pick<Statement, 'text' | 'params'> {
    const width = this.#targetColumns.length
    const size = padsLists(this.#dialect) ? paddedSize(targets.length, width) : 0
    const { text, bind } = this.#deletes.get(size) ?? this.#makeDelete(size, database)
    return { text, params: bind([...owner, width === 1 ? targets.map(([only]) => only) : targets]) }
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

  /** @param size of the list, where each of its values is a parameter */
  #makeDelete(size: number, database: Database): Compiled {
    const slot = this.#ownerColumns.length
    const context = new SqlContext({
      dialect: dialectOf(this.#dialect),
      compile: expressionSql,
      query: { slots: new Map(), scopes: new Map() },
      buckets: new Map([[slot, size]]),
    })
    const ofOwner = this.#ownerColumns.map(({ name }, index) => sql`${sql.id(name)} = ${new Param(index, this.#ownerEncoders[index])}`)
    const columns = this.#targetColumns.map(({ name }) => sql.id(name))
    const conditions = sql.join([...ofOwner, keysSql(columns, this.#targetTypes, slot, context)], sql` and `)
    const made = compileSql(sql`delete from ${sql.table(this.table)} where ${conditions}`, context, database)
    this.#deletes.set(size, made)
    return made
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

/** Those of a relation, made once. */
export const junctionStatements: (relation: RelationMeta, database: Database) => JunctionStatements = byDialect(
  (relation, dialect) => new JunctionStatements(relation, dialect),
)
