import { encodeRows } from '../src/json/encode.ts'
import { kinds } from '../src/json/columns.ts'
import { Key } from '../src/json/key.ts'
const key = (s: string, i: number): Key => new Key(`${i ? ',' : '{'}"${s}":`)
const cols = [['id', kinds.integer], ['title', kinds.text], ['note', kinds.text], ['views', kinds.integer], ['draft', kinds.boolean], ['created_at', kinds.instant]].map(([n, k], i) => ({ key: key(n as string, i), kind: k as never, decode: undefined, hidden: false }))
function row(vals: (string | null)[]): Buffer { const parts: Buffer[] = []; for (const v of vals) { const b = Buffer.alloc(4); if (v === null) { b.writeInt32BE(-1); parts.push(b) } else { const t = Buffer.from(v); b.writeInt32BE(t.length); parts.push(b, t) } } const body = Buffer.concat(parts); const h = Buffer.alloc(7); h[0] = 0x44; h.writeInt32BE(body.length + 6, 1); h.writeInt16BE(vals.length, 5); return Buffer.concat([h, body]) }
const rows = Array.from({ length: 100 }, (_, n) => row([String(n), `Title number ${n} of the table`, n % 3 ? `A note that is a little longer, with a "quote" and é ${n}` : null, String(n * 7), n % 2 ? 't' : 'f', new Date(1.7e12 + n * 12345678).toISOString().replace('T', ' ').replace('Z', '+00')]))
const chunk = Buffer.concat(rows)
console.log(encodeRows([chunk], cols).length, chunk.length)
const only = (i: number): number => { const c = cols.map((x, j) => ({ ...x, hidden: j !== i, key: key(['id','title','note','views','draft','created_at'][j]!, 0) })); for (let k = 0; k < 5000; k++) encodeRows([chunk], c); const a = process.cpuUsage(); for (let k = 0; k < 5000; k++) encodeRows([chunk], c); const b = process.cpuUsage(a); return (b.user + b.system) / 5000 }
for (let r = 0; r < 5; r++) { for (let k = 0; k < 3000; k++) encodeRows([chunk], cols); const a = process.cpuUsage(); for (let k = 0; k < 10000; k++) encodeRows([chunk], cols); const b = process.cpuUsage(a); console.log('all', ((b.user + b.system) / 10000).toFixed(1)) }
console.log(cols.map((_, i) => only(i).toFixed(1)).join(' '), only(9).toFixed(1))
