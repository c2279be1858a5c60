import { sql } from 'kysely'
import { codecOf, type Codec } from '../codecs/codec-of.ts'
import { InvalidQueryError } from '../errors.ts'
import { originalOf } from '../expressions/copy.ts'
import { hasWindow } from '../expressions/has-window.ts'
import type { Node, Subquery, ValueType } from '../expressions/node.ts'
import { rootOf, type Source } from '../expressions/source.ts'
import type { ModelMeta } from '../meta/model-meta.ts'
import type { QueryState } from '../query/state.ts'
import type { Sql, SqlDialect } from './dialect.ts'
import { From } from './from.ts'
import { Param } from './param.ts'
import { keptRows } from './related-rows.ts'
import type { SharedQueries } from './shared.ts'

const conditions: ReadonlySet<Node['kind']> = new Set([
  'boolean',
  'compare',
  'null',
  'in',
  'keys',
  'inQuery',
  'between',
  'like',
  'match',
  'logic',
  'not',
  'recursive',
])

/** What is known while one statement is compiled: its engine, its aliases, and where each value stands. */
export class SqlContext {
  readonly dialect: SqlDialect
  /** How many parameters each padded list gets, by its slot. */
  readonly buckets: ReadonlyMap<number, number>
  readonly #query: KnownQuery
  readonly #base: number
  readonly #aliases: { next: number }
  readonly #compile: CompileNode
  readonly #rows = new Map<Source, From>()
  readonly #shared: SharedQueries | undefined
  readonly #outer: SqlContext | undefined
  /** The models whose scopes are being written. */
  readonly #scoping: ReadonlySet<ModelMeta>

  constructor({
    dialect,
    query,
    compile,
    base = 0,
    buckets = new Map<number, number>(),
    aliases = { next: 0 },
    outer,
    shared,
    scoping = new Set(),
  }: SqlContextParts) {
    this.#compile = compile
    this.#outer = outer
    this.#shared = shared
    this.dialect = dialect
    this.buckets = buckets
    this.#query = query
    this.#scoping = scoping
    this.#base = base
    this.#aliases = aliases
  }

  /** The SQL of an expression. */
  sql(node: Node): Sql {
    const { computed } = this.#query
    const name = computed?.names.get(originalOf(node))
    return computed === undefined || name === undefined ? this.#compile(node, this) : this.rows(computed.source).named(name)
  }

  /** Whether an expression stands in the rows already. */
  isComputed(node: Node): boolean {
    return this.#query.computed?.names.has(originalOf(node)) ?? false
  }

  /** The SQL of a condition that stands beside others. */
  condition(node: Node): Sql {
    const condition = this.sql(node)
    return node.kind === 'logic' ? sql`(${condition})` : condition
  }

  /** The SQL of an expression as a part of another: a condition would come apart there. */
  operand(node: Node): Sql {
    const operand = this.sql(node)
    return conditions.has(node.kind) ? sql`(${operand})` : operand
  }

  /** Whether the rows are read with what a window gives them. */
  get readsWindow(): boolean {
    const { annotations = [], selection = annotations, orderBy = [], having = [] } = this.#query
    return [...selection.map(({ node }) => node), ...orderBy.map(({ by }) => by), ...having].some((node) => hasWindow(node))
  }

  get #common(): Omit<SqlContextParts, 'query'> {
    return {
      dialect: this.dialect,
      compile: this.#compile,
      buckets: this.buckets,
      aliases: this.#aliases,
      shared: this.#shared,
      scoping: this.#scoping,
    }
  }

  /** The same statement inside a subquery. @param base where the first of its values stands */
  nested(query: KnownQuery, base: number): SqlContext {
    return new SqlContext({ ...this.#common, query, base, outer: this })
  }

  /** A statement beside this one, which sees none of its rows: a part of a combination. @param query with the same values */
  beside(query: KnownQuery = this.#query): SqlContext {
    return new SqlContext({ ...this.#common, query, base: this.#base })
  }

  /** The same of a query of its own, whose values are among this one's. */
  besideQuery(query: Subquery): { readonly state: QueryState; readonly context: SqlContext } {
    const state = query.state()
    return { state, context: this.apart(state, this.slotOf(query)) }
  }

  /** The same of a query whose values stand from `base` on. */
  apart(query: KnownQuery, base: number): SqlContext {
    return new SqlContext({ ...this.#common, query, base })
  }

  /** The same rows where the names of shared queries are not known: each is written out at each use. */
  inPlace(): SqlContext {
    return new SqlContext({ ...this.#common, query: this.#query, base: this.#base, outer: this, shared: undefined })
  }

  /** The rows of a shared query, for FROM. @param slot where its identity stands among the values of its own query */
  sharedRows(slot: number, write: () => Sql): Sql {
    return this.#shared ? sql.id(this.#shared.nameOf(this.at(slot), write)) : sql`(${write()})`
  }

  /** A statement that is complete, with the shared queries it uses. */
  whole(statement: Sql): Sql {
    return this.#shared ? this.#shared.before(statement) : statement
  }

  /** Where the values of a node stand. */
  slotOf(node: object): number {
    const slot = this.#query.slots.get(node)
    if (slot === undefined) throw new InvalidQueryError('A value of this expression was not counted: it was changed after it was used.')
    return this.#base + slot
  }

  /** Where a value stands in the whole statement. @param slot where it stands among those of its own query */
  at(slot: number): number {
    return this.#base + slot
  }

  codec(type: ValueType): Codec {
    return codecOf(type, this.dialect.name)
  }

  /** The parameter of a value. */
  param(node: object, type: ValueType): Sql {
    return this.jsonValue(sql`${new Param(this.slotOf(node), this.codec(type).encode)}`, type)
  }

  /** A parameter of this type, told to be JSON where it is one and the engine takes it for a string. */
  jsonValue(parameter: Sql, { type, encrypted }: ValueType): Sql {
    return type === 'json' && encrypted !== true ? (this.dialect.jsonValue?.(parameter) ?? parameter) : parameter
  }

  /** Opens the rows of a table under a new alias. */
  from(source: Source, derived?: Sql): From {
    const from = new From(source.meta, `t${this.#aliases.next}`, derived)
    this.#aliases.next += 1
    this.#rows.set(source, from)
    return from
  }

  /** Opens the rows of a table under its own name, for statements that cannot have an alias. */
  fromUnaliased(source: Source): From {
    const from = new From(source.meta, source.meta.table)
    this.#rows.set(source, from)
    return from
  }

  /** A name nobody has in this statement. */
  alias(): string {
    const alias = `t${this.#aliases.next}`
    this.#aliases.next += 1
    return alias
  }

  /** The rows of a source; those of a to-one relation are joined when they are first asked for. */
  rows(source: Source): From {
    const open = this.#open(source)
    if (open) return open
    const { parent, relation } = source
    if (!parent)
      throw new InvalidQueryError(
        `The columns of ${source.meta.name} are not at hand here: a shared query, a part of a combination, the rows under a condition on a window and the beginning of recursive() stand by themselves and see nothing of the query around them. A condition behind shared() does.`,
      )
    if (!relation || !source.isOne) {
      throw new InvalidQueryError(
        `'${source.path}' leads to many rows, so its columns have no single value here. Use any(), an aggregate such as count() or max(), or with().`,
      )
    }
    const joined = this.rows(parent).join(relation, this.alias(), (target) => keptRows(target, this))
    this.#rows.set(source, joined)
    return joined
  }

  /** The condition that the scope of their model makes for related rows; inside of a scope it is not asked for again. */
  scopeOf(target: From): Sql | undefined {
    const { meta } = target
    if (!meta.declaration.options.scope || this.#scoping.has(meta)) return undefined
    const { scopes } = this.#query
    if (!scopes.has(meta))
      throw new InvalidQueryError(`The scope of ${meta.name} was not asked for, although its rows are related ones here.`)
    const node = scopes.get(meta)
    if (!node) return undefined
    const scoping = new Set([...this.#scoping, meta])
    const own = new SqlContext({ ...this.#common, query: this.#query, base: this.#base, scoping })
    own.#rows.set(rootOf(meta), target)
    return own.condition(node)
  }

  /** Of a source that the statement around this one has open too, this one's own. */
  #open(source: Source): From | undefined {
    const own = this.#rows.get(source)
    return own ?? (this.#outer === undefined || this.#has(source) ? undefined : this.#outer.#open(source))
  }

  /** Whether a source begins at rows of this statement: what is reached from them is joined here, whatever is joined outside. */
  #has({ parent }: Source): boolean {
    return parent !== undefined && (this.#rows.has(parent) || this.#has(parent))
  }

  /** Rows that are open for the length of `work` only, with what is joined to them. */
  during<T>(source: Source, from: From, work: () => T): T {
    const before = this.#close(source)
    this.#rows.set(source, from)
    try {
      return work()
    } finally {
      this.#close(source)
      for (const [known, rows] of before) this.#rows.set(known, rows)
    }
  }

  /** @returns what was open of a source and of what is reached from it */
  #close(source: Source): readonly (readonly [Source, From])[] {
    const closed = [...this.#rows].filter(([known]) => known === source || known.isBelow(source))
    for (const [known] of closed) this.#rows.delete(known)
    return closed
  }
}

/**
 * Where the values of a query's expressions stand, the scopes of what it reaches by relations, what its rows hold computed,
 * and of one that reads, what.
 */
export type KnownQuery = Pick<QueryState, 'slots' | 'scopes' | 'computed'> &
  Partial<Pick<QueryState, 'annotations' | 'selection' | 'orderBy' | 'having'>>

/** Writes an expression; handed in, because it opens contexts of its own for subqueries. */
export type CompileNode = (node: Node, context: SqlContext) => Sql

export interface SqlContextParts {
  readonly compile: CompileNode
  readonly dialect: SqlDialect
  readonly query: KnownQuery
  readonly base?: number
  readonly buckets?: ReadonlyMap<number, number>
  readonly aliases?: { next: number }
  /** The statement around a subquery, whose columns it may use. */
  readonly outer?: SqlContext
  /** Where shared queries are gathered, to stand before the statement. */
  readonly shared?: SharedQueries | undefined
  readonly scoping?: ReadonlySet<ModelMeta>
}
