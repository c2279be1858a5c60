import { filePerModel, neighbour, queryFunction, type Size, type Subject } from '../project.ts'

/** Models of Covet, 19 members each, every one in a file of its own. `module` is what they import. */
export function covet(module: string): Subject {
  return {
    models: (size) => filePerModel('m', size, (index) => modelFile(index, size, module)),
    queries: (size) => filePerModel('q', size, (index) => queryFile(index, size)),
  }
}

function modelFile(index: number, size: Size, module: string): string {
  const at = (steps: number): string => `M${neighbour(index + steps, size)}`
  const related = new Set([1, 7, 13, -1, -7, -13, 3].map(at))
  related.delete(at(0))
  const imports = [...related].map((name) => `import { ${name} } from './${name.toLowerCase()}.ts'`)
  return `import { Model, f, hasMany, belongsTo, manyToMany } from '${module}'
${imports.join('\n')}
export class ${at(0)} extends Model('t${index}', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name${index}: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r${index}']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.datetime().default(() => new Date()),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
  next: belongsTo(() => ${at(1)}),
  jump: belongsTo(() => ${at(7)}),
  far: belongsTo(() => ${at(13)}),
  prevs: hasMany(() => ${at(-1)}),
  backs: hasMany(() => ${at(-7)}),
  fars: hasMany(() => ${at(-13)}),
  tags: manyToMany(() => ${at(3)}),
}) {
  get label() { return this.email + this.views }
  recent() { return ${at(-1)}.where('nextId', this.id).orderBy('id', 'desc') }
}
`
}

function queryFile(index: number, size: Size): string {
  const model = `M${index}`
  const body = queryFunction(index, size, [
    (q) => `const a${q} = await ${model}.where('email', 'x').where('views', '>', ${q}).limit(5); a${q}[0]!.label`,
    (q) =>
      `const a${q} = await ${model}.where('next.jump.email', 'like', 'x').with('next', 'prevs.tags'); a${q}[0]!.prevs[0]!.tags[0]!.email`,
    (q) => `const a${q} = await ${model}.create({ email: 'x', body: 'b', nextId: 1, jumpId: 2, farId: 3 }); await a${q}.load('backs.fars')`,
    (q) =>
      `const a${q} = await ${model}.where((c) => c.views.gt(${q}).and(c.prevs.any((p) => p.email.eq('x')))).annotate((c) => ({ n: c.tags.count() })); a${q}[0]!.n`,
    (q) =>
      `const a${q} = await ${model}.query().orderBy('far.createdAt', 'desc').select('id', 'email', 'createdAt'); a${q}[0]!.email.length`,
  ])
  return `import { ${model} } from './m${index}.ts'\n${body}`
}
