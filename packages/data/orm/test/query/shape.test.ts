import { describe, expect, it } from '@jest/globals'
import { ShapeTree } from '../../src/query/shape.ts'

describe('the shapes of a model (trap 36)', () => {
  it('are one object for one structure, and its plan is made once', () => {
    const tree = new ShapeTree()
    const shape = tree.root.next('where a').next('limit')
    expect(tree.root.next('where a').next('limit')).toBe(shape)
    let made = 0
    const make = (): number => (made += 1)
    expect([shape.plan('read', 'sqlite', '', make), shape.plan('read', 'sqlite', '', make)]).toEqual([1, 1])
    expect([
      shape.plan('count', 'sqlite', '', make),
      shape.plan('read', 'postgres', '', make),
      shape.plan('read', 'sqlite', '4', make),
    ]).toEqual([2, 3, 4])
    expect(shape.plan('read', 'sqlite', '', make)).toBe(1)
    expect(tree.size).toBe(4)
  })

  it('start afresh when there are too many, and those under way keep theirs', () => {
    const tree = new ShapeTree()
    const first = tree.root.next('where 0')
    const plan = first.plan('read', 'sqlite', '', () => ({}))
    for (let count = 1; count <= 2_500; count += 1) tree.root.next(`where ${count}`).plan('read', 'sqlite', '', () => count)
    expect(tree.size).toBeLessThanOrEqual(2_000)
    expect(first.plan('read', 'sqlite', '', () => ({}))).toBe(plan)
    for (let count = 0; count <= 8_001; count += 1) tree.root.next(`order ${count}`)
    expect(tree.size).toBe(0)
  })
})
