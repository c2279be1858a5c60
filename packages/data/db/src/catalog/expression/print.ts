import type { CatalogDialect } from '../types.ts'
import type { Expression } from './node.ts'

const plain = /^[a-z_][a-z0-9_]*$/
const tightness: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  not: 3,
  '+': 6,
  '-': 6,
  '*': 7,
  '/': 7,
  '%': 7,
  div: 7,
  '||': 8,
  '->': 8,
  '->>': 8,
}
const comparison = 4
/** Two signs in a row would begin a comment. */
const signed = 9

/** Words that are no column names without quotes. */
const reserved = new Set(
  'all and any array as asc between by case cast check collate column constraint create current_date current_time current_timestamp default desc distinct div do else end escape exists false for foreign from glob group having ilike in is isnull key like limit mod not notnull null on or order primary references regexp select table then to true union unique user using values when where with'.split(
    ' ',
  ),
)

/** The expression in the one spelling that catalogues are compared in. */
export function printExpression(expression: Expression): string {
  return new Printer(undefined).print(expression)
}

/** The expression in the SQL of an engine. */
export function renderExpression(expression: Expression, dialect: CatalogDialect): string {
  return new Printer(dialect).print(expression)
}

class Printer {
  readonly #dialect: CatalogDialect | undefined

  constructor(dialect: CatalogDialect | undefined) {
    this.#dialect = dialect
  }

  print(node: Expression): string {
    switch (node.kind) {
      case 'column':
        return node.path.map((name) => this.#name(name)).join('.')
      case 'string':
        return this.#string(node.value)
      case 'number':
        return node.text
      case 'bytes':
        return this.#dialect === 'postgres' ? `'\\x${node.hex}'::bytea` : `x'${node.hex}'`
      case 'word':
        return node.word
      case 'call':
        return `${this.#function(node.name)}(${this.#list(node.args)})`
      case 'unary':
        return node.operator === 'not'
          ? `not ${this.#inside(node.operand, 3)}`
          : `${node.operator}${this.#inside(node.operand, signed + 1)}`
      case 'binary':
        return this.#binary(node.operator, node.left, node.right)
      case 'in':
        return `${this.#inside(node.operand, comparison + 1)} ${node.not ? 'not in' : 'in'} (${this.#list(node.list)})`
      case 'cast':
        return `cast(${this.print(node.operand)} as ${node.type})`
      case 'case':
        return this.#case(node)
    }
  }

  #binary(operator: string, left: Expression, right: Expression): string {
    if (operator === '||' && this.#dialect === 'mysql') return `concat(${this.#list(flatten(operator, left, right))})`
    const level = tightness[operator] ?? comparison
    const isComparison = level === comparison
    return `${this.#inside(left, isComparison ? level + 1 : level)} ${operator} ${this.#inside(right, level + 1)}`
  }

  /** In parentheses when it binds less tightly than `level`; `||` always, whose place differs between engines. */
  #inside(node: Expression, level: number): string {
    const own = levelOf(node)
    const text = this.print(node)
    const isConcat = node.kind === 'binary' && node.operator === '||' && level > comparison + 1 && level !== tightness['||']
    return own < level || isConcat ? `(${text})` : text
  }

  #case({ subject, branches, otherwise }: Extract<Expression, { kind: 'case' }>): string {
    const parts = branches.map(({ when, result }) => `when ${this.print(when)} then ${this.print(result)}`)
    if (otherwise) parts.push(`else ${this.print(otherwise)}`)
    return ['case', ...(subject ? [this.print(subject)] : []), ...parts, 'end'].join(' ')
  }

  #list(nodes: readonly Expression[]): string {
    return nodes.map((node) => this.print(node)).join(', ')
  }

  #name(name: string): string {
    if (this.#dialect === 'mysql') return `\`${name.replaceAll('`', '``')}\``
    if (this.#dialect === undefined && plain.test(name) && !reserved.has(name)) return name
    return `"${name.replaceAll('"', '""')}"`
  }

  #string(value: string): string {
    const text = this.#dialect === 'mysql' ? value.replaceAll('\\', '\\\\') : value
    return `'${text.replaceAll("'", "''")}'`
  }

  #function(name: string): string {
    if (this.#dialect === 'postgres' && name === 'uuid') return 'gen_random_uuid'
    if (this.#dialect === 'mysql') return { length: 'char_length', octet_length: 'length' }[name] ?? name
    return name
  }
}

function levelOf(node: Expression): number {
  if (node.kind === 'binary') return tightness[node.operator] ?? comparison
  if (node.kind === 'in') return comparison
  if (node.kind === 'unary') return node.operator === 'not' ? 3 : signed
  if (node.kind === 'number' && node.text.startsWith('-')) return signed
  return 10
}

function flatten(operator: string, left: Expression, right: Expression): readonly Expression[] {
  const isChain = left.kind === 'binary' && left.operator === operator
  return [...(isChain ? flatten(operator, left.left, left.right) : [left]), right]
}
