import { CovetError } from '@covet/core'

/** What every error of the ORM is. */
export class OrmError extends CovetError {}

/** A model's declaration contradicts itself or another one's; found when the models are linked. */
export class ModelDefinitionError extends OrmError {
  constructor(model: string, problem: string) {
    super('orm/model-definition', `The model ${model} cannot be used: ${problem}`)
  }
}

/** A relation that the query or the instance names is not there. */
export class UnknownRelationError extends OrmError {
  constructor(model: string, name: string, known: readonly string[]) {
    super('orm/unknown-relation', `${model} has no relation '${name}'. ${listed('It has', known)}`, { statusCode: 400 })
  }
}

/** A column that the query names is not there. */
export class UnknownColumnError extends OrmError {
  constructor(model: string, name: string, known: readonly string[]) {
    super('orm/unknown-column', `${model} has no column '${name}'. ${listed('It has', known)}`, { statusCode: 400 })
  }
}

/** A value that is not what its column holds. */
export class InvalidValueError extends OrmError {
  constructor(where: string, problem: string) {
    super('orm/invalid-value', `${where}: ${problem}`, { statusCode: 400 })
  }
}

/** `undefined` where a value is meant: it would silently have matched everything or nothing. */
export class UndefinedValueError extends OrmError {
  constructor(where: string) {
    super('orm/undefined-value', `${where} is undefined. Pass null for SQL NULL, or leave the condition out.`, { statusCode: 400 })
  }
}

/** An operator that is not one. */
export class UnknownOperatorError extends OrmError {
  constructor(operator: unknown, known: readonly string[]) {
    super('orm/unknown-operator', `${JSON.stringify(operator)} is no operator. ${listed('There are', known)}`, { statusCode: 400 })
  }
}

/**
 * A call cannot be meant like that. Its `statusCode` is 400 where an argument is no name, direction, count, cursor or list,
 * which may have come from a client, and 500 where the program itself is at fault.
 */
export class InvalidQueryError extends OrmError {
  constructor(problem: string, { statusCode = 500 }: { readonly statusCode?: 400 | 500 } = {}) {
    super('orm/invalid-query', problem, { statusCode })
  }
}

/** A model without a database: nothing has been bound, and no scope is around. */
export class UnboundModelError extends OrmError {
  constructor(model: string) {
    super(
      'orm/unbound-model',
      `${model} has no database here. Bind it with orm({ models: [${model}] }) or bind([${model}], db), or call it inside db.run or db.transaction.`,
    )
  }
}

/** A model bound to several databases in one process, used where nothing says which is meant. */
export class AmbiguousDatabaseError extends OrmError {
  constructor(model: string) {
    super(
      'orm/ambiguous-database',
      `${model} is bound to several databases, and nothing around this call says which is meant. Call it inside db.run or db.transaction, or with ${model}.using(db).`,
    )
  }
}

/** No row answers the query. */
export class NotFound extends OrmError {
  constructor(model: string) {
    super('orm/not-found', `No ${model} was found.`, { statusCode: 404 })
  }
}

/** More than one row answers a query that asks for exactly one. */
export class MultipleFound extends OrmError {
  constructor(model: string) {
    super('orm/multiple-found', `More than one ${model} was found where exactly one was asked for.`)
  }
}

/** A relation is read that was not loaded. */
export class RelationNotLoaded extends OrmError {
  constructor(model: string, name: string) {
    super(
      'orm/relation-not-loaded',
      `${model}.${name} is not loaded: use .with('${name}'), await instance.load('${name}') or instance.related('${name}').`,
    )
  }
}

/** `load` of a relation of a model whose option `lazy` is `raise`. */
export class LazyLoadingRefused extends OrmError {
  constructor(model: string, name: string) {
    super('orm/lazy-loading-refused', `${model} does not load lazily (lazy: 'raise'): load '${name}' with the query, by .with('${name}').`)
  }
}

/** The same query ran again and again with other keys, where one would have done. */
export class NPlusOneError extends OrmError {
  constructor(message: string) {
    super('orm/n-plus-one', message)
  }
}

/** A column is read that `only` or `defer` left out. */
export class ColumnNotRead extends OrmError {
  constructor(model: string, property: string) {
    super(
      'orm/column-not-read',
      `${model}.${property} was left out by only() or defer(). Name it there, or read it by await instance.refresh().`,
    )
  }
}

/** `update` or `delete` without a condition. */
export class UnfilteredWriteError extends OrmError {
  constructor(model: string, operation: 'update' | 'delete') {
    super('orm/unfiltered-write', `This ${operation} would touch every ${model}. Say so with .unfiltered(), or add a where.`)
  }
}

/** The row was changed or deleted since it was read. */
export class StaleObject extends OrmError {
  constructor(model: string) {
    super('orm/stale-object', `This ${model} was changed or deleted since it was read. Read it again and repeat the change.`, {
      statusCode: 409,
    })
  }
}

/** An INSERT worked and did not store every row it was given; `createMany` may send several. */
export class RowsLeftOut extends OrmError {
  constructor(model: string, table: string, stored: number, given: number) {
    super(
      'orm/rows-left-out',
      `Of ${given} new ${given === 1 ? 'row' : 'rows'} of ${model} in one INSERT into ${table} the database told of ${stored}: a trigger, a rule or "on conflict ignore" left the others out or put them elsewhere. What it stored stays unless a transaction is around it. Where that is meant, insert with db.sql.`,
    )
  }
}

function listed(what: string, names: readonly string[]): string {
  return names.length === 0 ? `${what} none.` : `${what} ${names.join(', ')}.`
}
