import { EmptyListError, InvalidDatabaseOptionError, UnevenRowsError } from './errors.ts'
import { assertTemplate } from './template.ts'

export type Piece = { kind: 'text'; text: string } | { kind: 'identifier'; name: string } | { kind: 'value'; value: unknown }

/** A piece of SQL to put into a template of `db.sql` or `fragment`. Made by the functions here only, so no input can pose as one. */
export class Fragment {
  readonly pieces: readonly Piece[]

  constructor(pieces: readonly Piece[]) {
    this.pieces = pieces
  }
}

/** A piece of SQL with its parameters: fragment`and title = ${title}`. Empty: fragment``. */
export function fragment(strings: TemplateStringsArray, ...values: unknown[]): Fragment {
  assertTemplate(strings)
  const pieces: Piece[] = [text(strings[0] ?? '')]
  for (const [index, value] of values.entries()) {
    // One by one: the pieces of many rows are more than a call takes arguments.
    for (const piece of piecesOf(value)) pieces.push(piece)
    pieces.push(text(strings[index + 1] ?? ''))
  }
  return new Fragment(pieces)
}

/** A quoted name of a table or column; several are joined with dots: `identifier('main', 'posts')`. */
export function identifier(...path: [string, ...string[]]): Fragment {
  return new Fragment(path.flatMap((name, index) => (index === 0 ? [toIdentifier(name)] : [text('.'), toIdentifier(name)])))
}

/** The values as parameters, separated by commas: `where id in (${list(ids)})`. */
export function list(values: readonly unknown[]): Fragment {
  if (values.length === 0) throw new EmptyListError('list')
  return join(
    values.map((value) => new Fragment(piecesOf(value))),
    ', ',
  )
}

/**
 * Columns and values of an INSERT: `insert into posts ${values({ title, body })}`. Name the columns when the row comes
 * from outside, so that it cannot set others.
 */
export function values<Row extends object>(rows: Row | readonly Row[], columns?: readonly (keyof Row & string)[]): Fragment {
  const all: readonly object[] = Array.isArray(rows) ? rows : [rows]
  const [first] = all
  const names: readonly string[] = columns ?? Object.keys(first ?? {})
  if (names.length === 0) throw new EmptyListError('values')
  const tuples = all.map((row, index) => fragment`(${list(columns ? pick(row, names) : evenly(row, names, index + 1))})`)
  return fragment`(${join(
    names.map((name) => identifier(name)),
    ', ',
  )}) values ${join(tuples, ', ')}`
}

/** The assignments of an UPDATE: `update posts set ${assignments({ title })}`. */
export function assignments<Row extends object>(row: Row, columns?: readonly (keyof Row & string)[]): Fragment {
  const names: readonly string[] = columns ?? Object.keys(row)
  if (names.length === 0) throw new EmptyListError('assignments')
  const entries = pick(row, names)
  return join(
    names.map((name, index) => fragment`${identifier(name)} = ${entries[index]}`),
    ', ',
  )
}

/** Fragments one after the other. */
export function join(fragments: readonly Fragment[], separator: ', ' | ' and ' | ' or ' | ' '): Fragment {
  if (fragments.length === 0) throw new EmptyListError('join')
  return new Fragment(fragments.flatMap(({ pieces }, index) => (index === 0 ? pieces : [text(separator), ...pieces])))
}

function text(sql: string): Piece {
  return { kind: 'text', text: sql }
}

function toIdentifier(name: unknown): Piece {
  if (typeof name !== 'string' || name === '' || name.includes('\0')) throw new InvalidDatabaseOptionError('identifier', name, 'a name')
  return { kind: 'identifier', name }
}

function piecesOf(value: unknown): readonly Piece[] {
  return value instanceof Fragment ? value.pieces : [{ kind: 'value', value }]
}

function pick(row: object, names: readonly string[]): unknown[] {
  const own = new Map<string, unknown>(Object.entries(row))
  return names.map((name) => own.get(name))
}

function evenly(row: object, names: readonly string[], position: number): unknown[] {
  const picked = pick(row, names)
  if (Object.keys(row).length !== names.length || !names.every((name) => Object.hasOwn(row, name))) throw new UnevenRowsError(position)
  return picked
}
