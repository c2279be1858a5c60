import { Model, f, hasMany, belongsTo, manyToMany } from '../../../../src/index.ts'
import { X } from './tree.ts'
export class Y extends Model('ys', { id: f.id(), x: belongsTo(() => X), z: belongsTo(() => Z), z2: belongsTo(() => Z).nullable() }) {
  async back() {
    const l = await this.load('x')
    return l.x
  }
  async z2name() {
    const l = await this.load('z2')
    return l.z2?.zname ?? (await l.x2())[0]!.zname
  }
  x2() {
    return Z.where('xs.ys.id', this.id)
  }
}
export class Z extends Model('zs', { id: f.id(), zname: f.string(), xs: manyToMany(() => X, { through: () => Y }), ys: hasMany(() => Y) }) {
  static async all() {
    return (await this.with('xs.ys')).flatMap((z) => z.xs).flatMap((x) => x.ys)
  }
}

export class Leaf extends Model(
  'leaves',
  { id: f.id(), fallen: f.bool(), branch: belongsTo(() => Y) },
  { scope: (c) => c.fallen.eq(false), unique: [['fallen', 'branchId']], lazy: 'raise' },
) {}
const leaf = (await Leaf.with('branch.x'))[0]!
leaf.branch.x.n.toFixed()
