import { Kysely, type CompiledQuery, type DatabaseConnection, type Dialect, type Driver as KyselyDriver, type QueryResult } from 'kysely'
import type { Driver, Result, Statement } from './driver.ts'
import { KyselyTransactionError } from './errors.ts'
import type { QueryOptions } from './options.ts'

/** Where the queries of a kysely go: the database decides on the connection for each. */
export interface KyselyTarget {
  execute(statement: Statement, options: QueryOptions): Promise<Result<unknown>>
  stream(statement: Statement, options: QueryOptions): AsyncIterableIterator<unknown>
}

export function createKysely<Tables>(driver: Driver, target: KyselyTarget): Kysely<Tables> {
  const connection = routedConnection(target)
  const dialect: Dialect = {
    createAdapter: () => driver.kysely.createAdapter(),
    createIntrospector: (db) => driver.kysely.createIntrospector(db),
    createQueryCompiler: () => driver.kysely.createQueryCompiler(),
    createDriver: () => routedDriver(connection),
  }
  return new Kysely<Tables>({ dialect })
}

function routedDriver(connection: DatabaseConnection): KyselyDriver {
  return {
    init: async () => undefined,
    acquireConnection: async () => connection,
    releaseConnection: async () => undefined,
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    // The connections belong to the database, which outlives any kysely made from it.
    destroy: async () => undefined,
  }
}

function routedConnection(target: KyselyTarget): DatabaseConnection {
  return {
    async executeQuery<Row>(query: CompiledQuery, options?: QueryOptions): Promise<QueryResult<Row>> {
      return toQueryResult<Row>(await target.execute(toStatement(query), toOptions(options)))
    },
    async *streamQuery<Row>(query: CompiledQuery, _chunkSize: number, options?: QueryOptions): AsyncIterableIterator<QueryResult<Row>> {
      for await (const row of target.stream(toStatement(query), toOptions(options))) yield { rows: [row as Row] }
    },
  }
}

function toStatement({ sql, parameters }: CompiledQuery): Statement {
  return { text: sql, params: parameters }
}

function toOptions(options: QueryOptions | undefined): QueryOptions {
  return options?.signal ? { signal: options.signal } : {}
}

function toQueryResult<Row>({ rows, changes, lastInsertId }: Result<unknown>): QueryResult<Row> {
  return {
    rows: rows as Row[],
    numAffectedRows: BigInt(changes),
    ...(lastInsertId !== undefined && { insertId: BigInt(lastInsertId) }),
  }
}

async function refuse(): Promise<never> {
  throw new KyselyTransactionError()
}
