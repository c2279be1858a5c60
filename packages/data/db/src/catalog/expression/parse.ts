import type { CatalogDialect } from '../types.ts'
import { Cursor, NotUnderstood } from './cursor.ts'
import type { Expression } from './node.ts'
import { call, castTo, comparisonOf, inList, negate, type TypeOf, wordOf } from './simplify.ts'
import { tokensOf, type Token } from './tokens.ts'
import { takeType } from './type-name.ts'

/** The expression in an engine's spelling, or undefined for one that is not understood. */
export function parseExpression(sql: string, dialect: CatalogDialect, typeOf?: TypeOf): Expression | undefined {
  const tokens = tokensOf(sql, dialect)
  if (!tokens) return undefined
  const cursor = new Cursor(tokens)
  try {
    const expression = new Parser(cursor, dialect, typeOf).logical('or')
    return cursor.token ? undefined : expression
  } catch (error) {
    if (error instanceof NotUnderstood) return undefined
    throw error
  }
}

// From loose to tight, below the comparisons. PostgreSQL binds `||` between the comparisons and the sums, but it prints its parentheses.
const arithmetic: readonly ReadonlySet<string>[] = [
  new Set(['|', '&', '<<', '>>']),
  new Set(['+', '-']),
  new Set(['*', '/', '%', 'mod', 'div']),
  new Set(['||', '->', '->>']),
]
const comparisons = new Set(['=', '==', '<>', '!=', '<', '>', '<=', '>=', '<=>', '~~', '!~~', '~~*', '!~~*', '~', '!~', '~*', '!~*'])
const nullary = new Set(['current_timestamp', 'current_date', 'current_time', 'localtimestamp', 'null', 'true', 'false'])

class Parser {
  readonly #cursor: Cursor
  readonly #dialect: CatalogDialect
  readonly #typeOf: TypeOf | undefined

  constructor(cursor: Cursor, dialect: CatalogDialect, typeOf: TypeOf | undefined) {
    this.#cursor = cursor
    this.#typeOf = typeOf
    this.#dialect = dialect
  }

  logical(operator: 'or' | 'and'): Expression {
    const operand = (): Expression => (operator === 'or' ? this.logical('and') : this.#negation())
    let left = operand()
    while (this.#cursor.takeWords(operator)) left = join(operator, left, operand())
    return left
  }

  #negation(): Expression {
    if (this.#cursor.takeWords('not') || this.#cursor.takeSymbol('!')) return negate(this.#negation())
    return this.#comparison()
  }

  #comparison(): Expression {
    let left = this.#arithmetic(0)
    for (;;) {
      const { token } = this.#cursor
      if (token?.kind === 'symbol' && comparisons.has(token.text)) {
        this.#cursor.next()
        left = this.#compared(left, token.text)
      } else {
        const tested = this.#tested(left)
        if (!tested) return left
        left = tested
      }
    }
  }

  /** `x = any (array[…])` and `x <> all (array[…])` are how PostgreSQL prints `in`. */
  #compared(left: Expression, operator: string): Expression {
    const isAny = operator === '=' && this.#cursor.isWord('any')
    const isAll = operator === '<>' && this.#cursor.isWord('all')
    if (!isAny && !isAll) return comparisonOf(operator, left, this.#arithmetic(0))
    this.#cursor.next()
    this.#cursor.expectSymbol('(')
    const list = this.#array()
    this.#cursor.expectSymbol(')')
    return inList(left, list, isAll)
  }

  #array(): readonly Expression[] {
    const wrapped = this.#cursor.takeSymbol('(')
    this.#cursor.expectWord('array')
    this.#cursor.expectSymbol('[')
    const list = this.#list(']')
    if (wrapped) this.#cursor.expectSymbol(')')
    while (this.#cursor.takeSymbol('::')) takeType(this.#cursor)
    return list
  }

  #tested(left: Expression): Expression | undefined {
    const start = this.#cursor.position
    if (this.#cursor.takeWords('is')) return this.#identity(left)
    if (this.#cursor.takeWords('isnull')) return { kind: 'binary', operator: 'is', left, right: wordOf('null') }
    if (this.#cursor.takeWords('notnull')) return { kind: 'binary', operator: 'is not', left, right: wordOf('null') }
    const not = this.#cursor.takeWords('not')
    if (this.#cursor.takeWords('in')) {
      this.#cursor.expectSymbol('(')
      return inList(left, this.#list(')'), not)
    }
    if (this.#cursor.takeWords('between')) return this.#between(left, not)
    for (const operator of ['like', 'ilike', 'regexp', 'glob']) {
      if (this.#cursor.takeWords(operator)) return this.#matching(not ? `not ${operator}` : operator, left)
    }
    this.#cursor.back(start)
    return undefined
  }

  #matching(operator: string, left: Expression): Expression {
    const matching = comparisonOf(operator, left, this.#arithmetic(0))
    if (this.#cursor.isWord('escape')) throw new NotUnderstood('an escape character')
    return matching
  }

  #identity(left: Expression): Expression {
    const not = this.#cursor.takeWords('not')
    if (this.#cursor.isWord('distinct')) throw new NotUnderstood('is distinct from')
    return { kind: 'binary', operator: not ? 'is not' : 'is', left, right: this.#arithmetic(0) }
  }

  /** PostgreSQL prints `between` as two comparisons. */
  #between(left: Expression, not: boolean): Expression {
    const low = this.#arithmetic(0)
    this.#cursor.expectWord('and')
    const high = this.#arithmetic(0)
    const inside = join('and', comparisonOf('>=', left, low), comparisonOf('<=', left, high))
    return not ? negate(inside) : inside
  }

  #arithmetic(level: number): Expression {
    const operators = arithmetic[level]
    if (!operators) return this.#prefixed()
    let left = this.#arithmetic(level + 1)
    for (;;) {
      const { token } = this.#cursor
      if (!token || (token.kind !== 'symbol' && token.kind !== 'word') || !operators.has(token.text)) return left
      this.#cursor.next()
      const operator = token.text === 'mod' ? '%' : token.text
      left = join(operator, left, this.#arithmetic(level + 1))
    }
  }

  #prefixed(): Expression {
    if (this.#cursor.takeSymbol('+')) return this.#prefixed()
    if (!this.#cursor.takeSymbol('-')) return this.#postfixed()
    const operand = this.#prefixed()
    if (operand.kind === 'number' && !operand.text.startsWith('-')) return { kind: 'number', text: `-${operand.text}` }
    return { kind: 'unary', operator: '-', operand }
  }

  #postfixed(): Expression {
    let operand = this.#primary()
    while (this.#cursor.takeSymbol('::')) operand = castTo(operand, takeType(this.#cursor), this.#typeOf)
    if (this.#cursor.isWord('collate')) throw new NotUnderstood('a collation')
    return operand
  }

  #primary(): Expression {
    if (this.#cursor.takeSymbol('(')) {
      const inner = this.logical('or')
      this.#cursor.expectSymbol(')')
      return inner
    }
    const token = this.#cursor.next()
    switch (token.kind) {
      case 'string':
        return { kind: 'string', value: token.text }
      case 'number':
        return { kind: 'number', text: token.text }
      case 'bytes':
        return { kind: 'bytes', hex: token.text }
      case 'name':
        return this.#named(token.text, token.text)
      case 'word':
        return this.#worded(token)
      case 'symbol':
        throw new NotUnderstood(token.text)
    }
  }

  #worded(token: Token): Expression {
    if (token.text === 'case') return this.#case()
    if (token.text === 'cast' && this.#cursor.takeSymbol('(')) return this.#cast()
    if (nullary.has(token.text)) {
      // The digits of a second: the column's own say the same.
      if (this.#cursor.isSymbol('(')) this.#cursor.takeGroup()
      return wordOf(token.text)
    }
    return this.#named(this.#dialect === 'postgres' ? token.text : token.raw, token.text)
  }

  #named(name: string, word: string): Expression {
    if (this.#cursor.takeSymbol('(')) return this.#call(word)
    const path = [name]
    while (this.#cursor.takeSymbol('.')) path.push(this.#cursor.next().raw)
    if (this.#cursor.isSymbol('(') || this.#cursor.token?.kind === 'string') throw new NotUnderstood(path.join('.'))
    return { kind: 'column', path }
  }

  #call(name: string): Expression {
    if (name === 'trim' && this.#cursor.takeWords('both')) this.#cursor.expectWord('from')
    return call(name, this.#list(')'), this.#dialect)
  }

  #cast(): Expression {
    const operand = this.logical('or')
    this.#cursor.expectWord('as')
    const type = takeType(this.#cursor)
    this.#cursor.expectSymbol(')')
    return castTo(operand, type, this.#typeOf)
  }

  #case(): Expression {
    const subject = this.#cursor.isWord('when') ? undefined : this.logical('or')
    const branches: { when: Expression; then: Expression }[] = []
    while (this.#cursor.takeWords('when')) {
      const when = this.logical('or')
      this.#cursor.expectWord('then')
      branches.push({ when, then: this.logical('or') })
    }
    const otherwise = this.#cursor.takeWords('else') ? this.logical('or') : wordOf('null')
    this.#cursor.expectWord('end')
    // PostgreSQL prints an `else null` that nobody wrote.
    const isNull = otherwise.kind === 'word' && otherwise.word === 'null'
    return { kind: 'case', ...(subject && { subject }), branches, ...(!isNull && { otherwise }) }
  }

  #list(end: ')' | ']'): readonly Expression[] {
    const list: Expression[] = []
    if (this.#cursor.takeSymbol(end)) return list
    do list.push(this.logical('or'))
    while (this.#cursor.takeSymbol(','))
    this.#cursor.expectSymbol(end)
    return list
  }
}

const associative = new Set(['and', 'or', '||'])

/** A chain of one associative operator leans to the left, however it was put in parentheses. */
function join(operator: string, left: Expression, right: Expression): Expression {
  if (associative.has(operator) && right.kind === 'binary' && right.operator === operator) {
    return { kind: 'binary', operator, left: join(operator, left, right.left), right: right.right }
  }
  return { kind: 'binary', operator, left, right }
}
