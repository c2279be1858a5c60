import { checkValue } from '../codecs/check.ts'
import type { Node } from '../expressions/node.ts'
import { equal, valueNode } from '../expressions/parts.ts'
import { rootOf } from '../expressions/source.ts'
import type { ColumnMeta } from '../meta/model-meta.ts'
import type { Link } from './link.ts'

/** The condition that a row of the target belongs to the owner of a link; nothing belongs to an owner without a key. */
export function narrowed({ relation, values }: Link): Node {
  const { target, foreign, local, junction, typeColumn, typeValue } = relation
  if (values.some((value) => value === null || value === undefined)) return { kind: 'boolean', value: false }
  const source = rootOf(target)
  const where = `${relation.owner.name}.${relation.name}`
  const key = local.map((column, index): Node => checkedNode(column, values[index], where))
  if (junction) return { kind: 'through', source, junction, foreign, key }
  const parts = foreign.map((column, index): Node =>
    equal({ kind: 'column', source, column }, key[index] ?? { kind: 'boolean', value: false }),
  )
  if (typeColumn && typeValue !== undefined)
    parts.push(equal({ kind: 'column', source, column: typeColumn }, checkedNode(typeColumn, typeValue, where)))
  return { kind: 'logic', op: 'and', parts }
}

function checkedNode({ field, property }: ColumnMeta, value: unknown, where: string): Node {
  return valueNode(checkValue(value, field, `${where}: ${property}`), field)
}
