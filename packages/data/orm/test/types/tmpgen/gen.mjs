import fs from 'node:fs'
const [,, dir, variant, nStr, qStr] = process.argv; const N=+nStr, Q=+qStr
 fs.mkdirSync(dir,{recursive:true})

const t=(i)=>`M${((i%N)+N)%N}`
for(let i=0;i<N;i++){
  const imps=new Set([t(i+1),t(i+7),t(i+13),t(i-1),t(i-7),t(i-13),t(i+3),t(i-3)].filter(x=>x!==t(i)))
  const rel=(n,k,x,o='')=> true?`  ${n}: ${k}(() => ${x}${o}),`:variant==='a4'?`  get ${n}() { return ${k}(${x}${o}) },`:`  ${n}: ${k}<${x}>(() => ${x}${o}),`
  let s=`import { Model, f, hasMany, belongsTo, manyToMany } from '../programs/orm.ts'\n`
  for(const x of imps) s+=`import { ${x} } from './${x.toLowerCase()}.ts'\n`
  s+=`export class ${t(i)} extends Model('t${i}', {
  id: f.id(),
  email: f.string({ max: 255 }).unique(),
  name${i}: f.string().nullable(),
  balance: f.decimal(10, 2).default('0'),
  role: f.enum(['admin', 'user', 'r${i}']).default('user'),
  views: f.int().default(0),
  big: f.bigint().nullable(),
  active: f.bool().default(true),
  createdAt: f.createdAt(),
  updatedAt: f.datetime().nullable(),
  meta: f.json<{ a: number; b: string[] }>().nullable(),
  body: f.text(),
${rel('next','belongsTo',t(i+1))}
${rel('jump','belongsTo',t(i+7))}
${rel('far','belongsTo',t(i+13))}
${rel('prevs','hasMany',t(i-1))}
${rel('backs','hasMany',t(i-7))}
${rel('fars','hasMany',t(i-13))}
${rel('tags','manyToMany',t(i+3))}
}) {
  get label() { return this.email + this.views }
  recent() { return ${t(i-1)}.where('nextId', this.id).orderBy('id', 'desc') }
}\n`
  fs.writeFileSync(`${dir}/m${i}.ts`,s)
}
for(let i=0;i<N;i++){
  let s=`import { ${t(i)} } from './m${i}.ts'\nexport async function q${i}() {\n`
  for(let q=0;q<Q;q++){
    const forms=[
      `const a${q} = await ${t(i)}.where('email', 'x').where('views', '>', ${q}).limit(5); a${q}[0]!.label`,
      `const a${q} = await ${t(i)}.where('next.jump.email', 'like', 'x').with('next', 'prevs.tags'); a${q}[0]!.prevs[0]!.tags[0]!.email`,
      `const a${q} = await ${t(i)}.create({ email: 'x', body: 'b', nextId: 1, jumpId: 2, farId: 3 }); await a${q}.load('backs.fars')`,
      `const a${q} = await ${t(i)}.where(c => c.views.gt(${q}).and(c.prevs.any(p => p.email.eq('x')))).annotate(c => ({ n: c.tags.count() })); a${q}[0]!.n`,
      `const a${q} = await ${t(i)}.query().orderBy('far.createdAt', 'desc').select('id', 'email', 'createdAt'); a${q}[0]!.email.length`,
    ]
    s+='  '+forms[q%forms.length]+'\n'
  }
  s+='}\n'; fs.writeFileSync(`${dir}/q${i}.ts`,s)
}
