/* oxlint-disable no-unused-expressions -- reading a property is the test: it compiles or not */
import { Model, f, hasMany, belongsTo, manyToMany, type With } from '../../../../src/index.ts'
import { Y, Z } from './branch.ts'
// 1 mutually inferred, unannotated methods + getters that cross files
export class X extends Model('xs', {
  id: f.uuid(),
  n: f.int(),
  parent: belongsTo(() => X).nullable(),
  children: hasMany(() => X),
  ys: hasMany(() => Y),
  zs: manyToMany(() => Z),
}) {
  static top() {
    return this.where('parentId', 'is null', true)
  }
  async tree() {
    const kids = await this.related('children').with('children')
    return kids.map((k) => k.children.length)
  }
  async firstY() {
    return (await this.related('ys').where('x.n', '>', 1).first())?.back()
  }
  deep() {
    return Y.where('x.parent.ys.z.xs.n', 3).with('x.parent', 'z.xs.ys')
  }
}
// inheritance: subclass statics return the subclass
export class Sub extends X {
  extra() {
    return 1
  }
}
const s = await Sub.where('n', 1)
s[0]!.extra()
const s2 = await Sub.find('uuid')
s2?.extra()
const t = await X.top().with('ys.z')
t[0]!.ys[0]!.z.zname
// functions on loaded
function f1(x: With<X, 'ys' | 'parent.children'>) {
  return x.parent?.children[0]?.n
}
f1((await X.with('ys', 'parent.children'))[0]!)
// @ts-expect-error missing load
f1((await X.with('ys'))[0]!)
// 2 generic repository helper over any model
async function firstOrThrow<T>(q: PromiseLike<T[]>): Promise<T> {
  const r = await q
  if (!r[0]) throw new Error('none')
  return r[0]
}
const fo = await firstOrThrow(X.with('ys'))
fo.ys[0]!.z2Id
const uu: string = fo.id
export { uu }
const back = await new X().firstY()
const bn: number | undefined = back?.n
export { bn }
// array of heterogenous models
export const all = [X, Y, Z] as const
// dynamic path
declare const dyn: string
X.query().orderBy(dyn)
