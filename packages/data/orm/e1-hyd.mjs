const mkRows=()=>Array.from({length:1000},(_,i)=>[i,'t'+i,'body'+i,i,0,i%50+1])
class P { constructor(r){this.id=r[0];this.title=r[1];this.body=r[2];this.views=r[3];this.draft=r[4]===1;this.authorId=r[5]} }
function base(priv,dec){ const props=['id','title','body','views','draft','authorId']
 const as=props.map((p,i)=> dec? `this[${JSON.stringify(p)}] = d[${i}] === undefined || r[${i}] === null ? r[${i}] : d[${i}](r[${i}])` : (i===4?`this.draft = r[4] === null ? null : r[4] === 1`:`this[${JSON.stringify(p)}] = r[${i}]`))
 return new Function(`class Base { ${priv?'#row; #set;':''} constructor(r,d,s){ if(r!==undefined){ ${as.join('\n')}; ${priv?'this.#row=r;this.#set=s':''} } } } return Base`)() }
class A extends base(true,true){}; class B extends base(true,false){}; class C extends base(false,true){}; class D extends base(false,false){}
const d=[undefined,undefined,undefined,undefined,(x)=>x===1,undefined]; const set={}
const run={plain:(rows)=>{const o=rows;for(let i=0;i<rows.length;i++)o[i]=new P(rows[i])},
 'priv+dec':(rows)=>{for(let i=0;i<rows.length;i++)rows[i]=new A(rows[i],d,set)},
 'priv':(rows)=>{for(let i=0;i<rows.length;i++)rows[i]=new B(rows[i],d,set)},
 'dec':(rows)=>{for(let i=0;i<rows.length;i++)rows[i]=new C(rows[i],d,set)},
 'none':(rows)=>{for(let i=0;i<rows.length;i++)rows[i]=new D(rows[i],d,set)}}
const acc={}
for(let r=0;r<1500;r++)for(const k in run){const rows=mkRows();const t=process.hrtime.bigint();run[k](rows);const e=Number(process.hrtime.bigint()-t)/1000;(acc[k]??=[]).push(e)}
for(const k in acc){const a=acc[k].slice(200).sort((x,y)=>x-y);console.log(k,'min',a[0].toFixed(1),'med',a[a.length>>1].toFixed(1))}
