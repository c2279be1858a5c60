import { DatabaseSync } from 'node:sqlite'
import { normalizeExpression } from '@covet/db/catalog'
import { describe, expect, it } from '@jest/globals'
import { expressionSql } from '../src/catalog/expression/normalize.ts'
import { parseExpression } from '../src/catalog/expression/parse.ts'

describe('trap 44: one spelling for an expression', () => {
  it.each([
    ['price>=0', 'price >= 0'],
    ['((a = 1) AND ((b = 2) AND (c = 3)))', 'a = 1 and b = 2 and c = 3'],
    ['a = 1 and (b = 2 or c = 3)', 'a = 1 and (b = 2 or c = 3)'],
    ['(a - b) - c', 'a - b - c'],
    ['a - (b - c)', 'a - (b - c)'],
    ['(a + b) * c / -2', '(a + b) * c / -2'],
    ['-(a + 1) < +2', '-(a + 1) < 2'],
    ["[The Name] != 'it''s' -- a remark", `"The Name" <> 'it''s'`],
    ['"order" IN (1)', '"order" = 1'],
    ['a NOT IN (1, 2)', 'a not in (1, 2)'],
    ['a between 1 and 2 and b', 'a >= 1 and a <= 2 and b'],
    ['a not between 1 and 2', 'a < 1 or a > 2'],
    ['not (a like 1 and b is not null)', 'a not like 1 or b is null'],
    ['not (a in (1, 2))', 'a not in (1, 2)'],
    ['not not a', 'a'],
    ['not exists_in(a)', 'not exists_in(a)'],
    ['a isnull or b notnull', 'a is null or b is not null'],
    ["CASE a WHEN 1 THEN 'x' ELSE NULL END", "case a when 1 then 'x' end"],
    ['case when a then b else c end', 'case when a then b else c end'],
    ["(a || ' ') || b = c", "a || ' ' || b = c"],
    ['(a || b) + 1', '(a || b) + 1'],
    ['Lower(Name) = CURRENT_DATE', 'lower("Name") = current_date'],
    ['cast(a as VARCHAR(9)) = cast(b as integer)', 'cast(a as varchar(9)) = cast(b as integer)'],
    ["x'00FF' = a", "x'00ff' = a"],
    ['t.a == 1_000', 't.a = 1000'],
  ])('reads %s of SQLite', (sql, expected) => {
    const normalized = normalizeExpression(sql, 'sqlite')
    expect(normalized).toBe(expected)
    expect(normalizeExpression(normalized, 'sqlite')).toBe(normalized)
  })

  it.each([
    ["((status)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))", "status in ('a', 'b')"],
    ["(kind <> ALL (ARRAY['a'::text, 'b'::text]))", "kind not in ('a', 'b')"],
    ['(lower(("Name")::text) ~~ \'a%\'::text)', 'lower("Name") like \'a%\''],
    ["(Name !~~* 'x'::text)", "name not ilike 'x'"],
    ["((a)::timestamp(3) with time zone > '2024-01-01'::date)", "cast(a as timestamp(3) with time zone) > '2024-01-01'"],
    ['(btrim(a) = TRIM(BOTH FROM b))', 'trim(a) = trim(b)'],
    ["('-1'::integer)", '-1'],
    ['now()', 'current_timestamp'],
    ['(character_length(a) > 1)', 'length(a) > 1'],
  ])('reads %s of PostgreSQL', (sql, expected) => {
    expect(normalizeExpression(sql, 'postgres')).toBe(expected)
  })

  it.each([
    ["`a` in ('x','it\\'s')", "a in ('x', 'it''s')"],
    [String.raw`(${'`a`'} = _utf8mb4\'it\\\'s\')`, "a = 'it''s'"],
    [String.raw`${'`a`'} = _utf8mb4\'two\\nlines\'`, "a = 'two\nlines'"],
    ["concat(`a`,' ',`b`)", "a || ' ' || b"],
    ['char_length(`a`) MOD 2', 'length(a) % 2'],
    ['length(`a`) > 1', 'octet_length(a) > 1'],
    ['lcase(`A`) = ucase(`b`)', 'lower("A") = upper(b)'],
    ['current_timestamp(3)', 'current_timestamp'],
    ['`a` is not null and !`b`', 'a is not null and not b'],
  ])('reads %s of MySQL', (sql, expected) => {
    expect(normalizeExpression(sql, 'mysql')).toBe(expected)
  })

  it.each([
    'a is distinct from b',
    "a like 'x' escape '!'",
    'a collate nocase',
    "date '2024-01-01'",
    '(a',
    'a in (select 1)',
    "'open",
    'a )',
    'a ⊕ b',
  ])('leaves %s, which it does not understand, as it is', (sql) => {
    expect(normalizeExpression(`  ${sql.replaceAll(' ', '\n  ')} `, 'sqlite')).toBe(sql)
    expect(expressionSql(sql, 'postgres')).toBe(sql)
  })

  it('writes an expression in the SQL of each engine', () => {
    const expression = `length(a) > 1 and "B" || 'x\\' <> uuid() and c = x'0a'`
    expect(expressionSql(expression, 'sqlite')).toBe(`length("a") > 1 and "B" || 'x\\' <> uuid() and "c" = x'0a'`)
    expect(expressionSql(expression, 'postgres')).toBe(`length("a") > 1 and "B" || 'x\\' <> gen_random_uuid() and "c" = '\\x0a'::bytea`)
    expect(expressionSql(expression, 'mysql')).toBe("char_length(`a`) > 1 and concat(`B`, 'x\\\\') <> uuid() and `c` = x'0a'")
  })
})

describe('any expression', () => {
  // Chance with a seed: the same expressions in every run.
  function chance(seed: number): (below: number) => number {
    let state = seed
    return (below) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return Math.floor((state / 2 ** 32) * below)
    }
  }

  function condition(next: (below: number) => number, depth: number): string {
    const value = (): string => operand(next, depth - 1)
    if (depth === 0) return `${operand(next, 0)} > ${operand(next, 0)}`
    const inner = (): string => condition(next, depth - 1)
    const kinds = [
      () => `(${inner()}) and (${inner()})`,
      () => `(${inner()}) or (${inner()})`,
      () => `not (${inner()})`,
      () => `(${value()}) ${['=', '<>', '<', '>=', 'like', 'not like'][next(6)] ?? '='} (${value()})`,
      () => `(${value()}) ${['is null', 'is not null', 'in (1, 2)', "not in ('a', 'b''c')", 'between 1 and (2)'][next(5)] ?? ''}`,
    ]
    return kinds[next(kinds.length)]?.() ?? ''
  }

  function operand(next: (below: number) => number, depth: number): string {
    const leaves = ['a', '"B c"', '"order"', '1', '-2.5', "'it''s \\ a'", 'current_date', 'null']
    if (depth <= 0) return leaves[next(leaves.length)] ?? 'a'
    const inner = (): string => operand(next, depth - 1)
    const kinds = [
      () => inner(),
      () => `(${inner()}) ${['+', '-', '*', '/', '%', '||'][next(6)] ?? '+'} (${inner()})`,
      () => `-(${inner()})`,
      () => `length(${inner()})`,
      () => `case when ${condition(next, depth - 1)} then ${inner()} else ${inner()} end`,
    ]
    return kinds[next(kinds.length)]?.() ?? ''
  }

  it('is the same again after it went through the SQL of an engine, and means the same', () => {
    const next = chance(20_261_121)
    const db = new DatabaseSync(':memory:')
    db.exec(`create table t (a, "B c", "order"); insert into t values (1, 'x', null), (2, 'it''s', -3), (null, '1', 2.5)`)
    for (let round = 0; round < 500; round += 1) {
      const written = condition(next, 4)
      const normal = normalizeExpression(written, 'sqlite')
      expect([written, parseExpression(normal, 'sqlite') !== undefined]).toEqual([written, true])
      expect(db.prepare(`select count(*) as n from t where (${written}) is not (${normal})`).get()).toEqual({ n: 0 })
      expect(normalizeExpression(normal, 'sqlite')).toBe(normal)
      for (const dialect of ['sqlite', 'postgres', 'mysql'] as const) {
        expect(normalizeExpression(expressionSql(normal, dialect), dialect)).toBe(normal)
      }
    }
    db.close()
  })
})
