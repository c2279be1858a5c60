import { Cursor, tokensOf, type Token } from '@covet/db/catalog'

/** What the text of a CREATE TABLE says and no pragma does. */
export interface TableText {
  readonly columns: ReadonlyMap<string, ColumnText>
  readonly uniques: readonly NamedColumns[]
  readonly foreignKeys: readonly ForeignKeyText[]
  readonly checks: readonly CheckText[]
}

export interface ColumnText {
  autoincrement?: true
  collation?: string
  generated?: string
}

export interface NamedColumns {
  readonly name: string | undefined
  readonly columns: readonly string[]
}

export interface ForeignKeyText extends NamedColumns {
  readonly deferrable: 'immediate' | 'deferred' | undefined
}

export interface CheckText {
  readonly name: string | undefined
  /** The column it was written with. */
  readonly column: string | undefined
  readonly expression: string
}

/** @returns undefined for a text that is none of SQLite's, as a damaged file may hold */
export function parseTable(sql: string): TableText | undefined {
  const tokens = tokensOf(sql, 'sqlite')
  const start = tokens?.findIndex(({ kind, text }) => kind === 'symbol' && text === '(') ?? -1
  if (!tokens || start === -1) return undefined
  return new TableParser(sql).parse(new Cursor(tokens.slice(start)).takeGroup())
}

const constraintWords = new Set(['constraint', 'primary', 'unique', 'check', 'foreign'])

class TableParser {
  readonly #sql: string
  readonly #columns = new Map<string, ColumnText>()
  readonly #uniques: NamedColumns[] = []
  readonly #foreignKeys: ForeignKeyText[] = []
  readonly #checks: CheckText[] = []

  constructor(sql: string) {
    this.#sql = sql
  }

  parse(body: readonly Token[]): TableText {
    for (const item of splitAtCommas(body)) {
      const [first] = item
      if (first?.kind === 'word' && constraintWords.has(first.text)) this.#constraints(new Cursor(item), undefined)
      else if (first) this.#column(first.raw, new Cursor(item.slice(1)))
    }
    return { columns: this.#columns, uniques: this.#uniques, foreignKeys: this.#foreignKeys, checks: this.#checks }
  }

  #column(name: string, cursor: Cursor): void {
    this.#columns.set(name, {})
    this.#constraints(cursor, name)
  }

  /** Of a table (SQLite wants no commas between them) or of a column, whose type is read over. */
  #constraints(cursor: Cursor, column: string | undefined): void {
    let name: string | undefined
    while (cursor.token) {
      if (cursor.takeWords('constraint')) name = cursor.next().raw
      else {
        this.#constraint(cursor, column, name)
        name = undefined
      }
    }
  }

  #constraint(cursor: Cursor, column: string | undefined, name: string | undefined): void {
    const own = column === undefined ? undefined : this.#columns.get(column)
    if (cursor.takeWords('check')) this.#checks.push({ name, column, expression: this.#text(cursor.takeGroup()) })
    else if (cursor.takeWords('unique')) this.#uniques.push({ name, columns: columnsOf(cursor, column) })
    else if (cursor.takeWords('foreign', 'key')) this.#foreignKey(cursor, name, columnsOf(cursor, column))
    else if (column !== undefined && cursor.isWord('references')) this.#foreignKey(cursor, name, [column])
    else if (own && cursor.takeWords('autoincrement')) own.autoincrement = true
    else if (own && cursor.takeWords('collate')) own.collation = cursor.next().text.toLowerCase()
    else if (own && cursor.takeWords('as')) own.generated = this.#text(cursor.takeGroup())
    else if (cursor.isSymbol('(')) cursor.takeGroup()
    else cursor.next()
  }

  #foreignKey(cursor: Cursor, name: string | undefined, columns: readonly string[]): void {
    let deferrable: ForeignKeyText['deferrable']
    while (cursor.token && !cursor.isWord('constraint') && !startsConstraint(cursor)) {
      if (cursor.takeWords('not', 'deferrable')) deferrable = undefined
      else if (cursor.takeWords('deferrable')) deferrable = 'immediate'
      else if (cursor.takeWords('initially', 'deferred')) deferrable &&= 'deferred'
      else if (cursor.isSymbol('(')) cursor.takeGroup()
      else cursor.next()
    }
    this.#foreignKeys.push({ name, columns, deferrable })
  }

  /** As it was written: comments inside are the reader's business. */
  #text(tokens: readonly Token[]): string {
    return this.#sql.slice(tokens[0]?.start, tokens.at(-1)?.end)
  }
}

const nextWords = new Set(['unique', 'check', 'primary', 'default', 'collate', 'generated', 'as', 'foreign'])

/** `not null` after `references`, and whatever else begins the next constraint; `set null` and `set default` do not. */
function startsConstraint(cursor: Cursor): boolean {
  const { token } = cursor
  if (token?.kind !== 'word') return false
  if (cursor.isWord('not')) return cursor.peek()?.text === 'null'
  if (cursor.isWord('default')) return cursor.peek(-1)?.text !== 'set'
  return nextWords.has(token.text)
}

function columnsOf(cursor: Cursor, column: string | undefined): readonly string[] {
  if (column !== undefined) return [column]
  return splitAtCommas(cursor.takeGroup()).flatMap(([first]) => (first ? [first.raw] : []))
}

function splitAtCommas(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const items: Token[][] = [[]]
  let depth = 0
  for (const token of tokens) {
    if (token.kind === 'symbol' && token.text === '(') depth += 1
    if (token.kind === 'symbol' && token.text === ')') depth -= 1
    if (token.kind === 'symbol' && token.text === ',' && depth === 0) items.push([])
    else items.at(-1)?.push(token)
  }
  return items
}
