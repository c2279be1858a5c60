import type { QueryOptions } from './options.ts'
import type { Result, Statement } from './driver.ts'
import { Fragment, type Piece } from './fragment.ts'
import { failed, isPromise, type MaybePromise } from './maybe-promise.ts'
import { assertTemplate } from './template.ts'

export interface RunResult {
  /** Rows inserted, updated or deleted. */
  readonly changes: number
  /** The key of the last inserted row, where the engine tells it. A bigint beyond 2^53. */
  readonly lastInsertId?: number | bigint
}

type Template<Answer> = (strings: TemplateStringsArray, ...values: unknown[]) => Answer

/**
 * Runs the SQL of the template. Every `${value}` becomes a parameter, never text; a `Fragment` (from `fragment`,
 * `identifier`, `list`, `values` …) becomes the SQL it stands for. The query starts when the template is evaluated and
 * belongs to the transaction around that place.
 */
export interface Sql {
  /** The rows; none for a statement that returns none. */
  <Row = Record<string, unknown>>(strings: TemplateStringsArray, ...values: unknown[]): Promise<Row[]>
  /** The first row, if there is one. */
  first<Row = Record<string, unknown>>(strings: TemplateStringsArray, ...values: unknown[]): Promise<Row | undefined>
  /** What changed, instead of rows. */
  run: Template<Promise<RunResult>>
  /**
   * The rows one by one, from a connection of their own. Inside a transaction, of a statement that writes, and where the
   * engine has no such connection, they are read at once.
   */
  stream<Row = Record<string, unknown>>(strings: TemplateStringsArray, ...values: unknown[]): AsyncIterableIterator<Row>
  /** The same tag with options for its queries. */
  with(options: QueryOptions): Sql
}

/** How a tag writes SQL and where it sends it. */
export interface SqlTarget {
  placeholder(position: number): string
  quoteIdentifier(name: string): string
  execute(statement: Statement, options: QueryOptions): MaybePromise<Result<unknown>>
  stream(statement: Statement, options: QueryOptions): AsyncIterableIterator<unknown>
}

export function createSql(target: SqlTarget): Sql {
  return tagOf(target, createCompiler(target), {})
}

type Compile = (strings: TemplateStringsArray, values: readonly unknown[]) => Statement

function tagOf(target: SqlTarget, compile: Compile, options: QueryOptions): Sql {
  function query<Answer>(answer: (result: Result<unknown>) => Answer): Template<Promise<Answer>> {
    return (strings, ...values) => {
      try {
        const outcome = target.execute(compile(strings, values), options)
        return isPromise(outcome) ? outcome.then(answer) : Promise.resolve(answer(outcome))
      } catch (error) {
        return failed(error)
      }
    }
  }
  return Object.assign(
    query(({ rows }) => rows),
    {
      first: query(({ rows }) => rows[0]),
      run: query(toRunResult),
      stream: (strings: TemplateStringsArray, ...values: unknown[]) => target.stream(compile(strings, values), options),
      with: (further: QueryOptions) => tagOf(target, compile, { ...options, ...further }),
    },
  ) as Sql
}

function toRunResult({ changes, lastInsertId }: Result<unknown>): RunResult {
  return lastInsertId === undefined ? { changes } : { changes, lastInsertId }
}

function createCompiler({ placeholder, quoteIdentifier }: SqlTarget): Compile {
  const texts = new WeakMap<TemplateStringsArray, string>()

  function textOf(strings: TemplateStringsArray): string {
    assertTemplate(strings)
    let text = strings[0] ?? ''
    for (let position = 1; position < strings.length; position += 1) text += placeholder(position) + strings[position]
    texts.set(strings, text)
    return text
  }

  function compose(strings: TemplateStringsArray, values: readonly unknown[]): Statement {
    assertTemplate(strings)
    const params: unknown[] = []
    let text = strings[0] ?? ''
    const write = (piece: Piece): void => {
      if (piece.kind === 'text') text += piece.text
      else if (piece.kind === 'identifier') text += quoteIdentifier(piece.name)
      else text += placeholder(params.push(piece.value))
    }
    for (const [index, value] of values.entries()) {
      if (value instanceof Fragment) value.pieces.forEach(write)
      else write({ kind: 'value', value })
      text += strings[index + 1] ?? ''
    }
    return { text, params }
  }

  return (strings, values) => {
    for (const value of values) if (value instanceof Fragment) return compose(strings, values)
    return { text: texts.get(strings) ?? textOf(strings), params: values }
  }
}
