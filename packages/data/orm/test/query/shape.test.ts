import { describe, expect, it } from '@jest/globals'
import { type Shape, ShapeTree } from '../../src/query/shape.ts'

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
  })

  it('start afresh when there are too many, and those under way keep theirs', () => {
    const tree = new ShapeTree()
    const first = tree.root.next('where 0')
    const plan = first.plan('read', 'sqlite', '', () => ({}))
    const untilAfresh = (steps: (root: Shape, count: number) => void): number => {
      const { root } = tree
      let count = 0
      while (tree.root === root && count < 10_000) steps(root, (count += 1))
      return count
    }
    expect(untilAfresh((root, count) => root.next(`where ${count}`).plan('read', 'sqlite', '', () => count))).toBe(2_000)
    expect(first.plan('read', 'sqlite', '', () => ({}))).toBe(plan)
    expect(untilAfresh((root, count) => root.next(`order ${count}`))).toBe(8_001)
  })
})
