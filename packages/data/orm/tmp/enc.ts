import { encodeRows } from '../src/json/encode.ts'
import { kinds } from '../src/json/columns.ts'
import { Key } from '../src/json/key.ts'
const key = (s: string, i: number): Key => new Key(`${i ? ',' : '{'}"${s}":`)
const cols = [['id', kinds.integer], ['title', kinds.text], ['note', kinds.text], ['views', kinds.integer], ['draft', kinds.boolean], ['created_at', kinds.instant]].map(([n, k], i) => ({ key: key(n as string, i), kind: k as never, decode: undefined, hidden: false }))
function row(vals: (string | null)[]): Buffer { const parts: Buffer[] = []; for (const v of vals) { const b = Buffer.alloc(4); if (v === null) { b.writeInt32BE(-1); parts.push(b) } else { const t = Buffer.from(v); b.writeInt32BE(t.length); parts.push(b, t) } } const body = Buffer.concat(parts); const h = Buffer.alloc(7); h[0] = 0x44; h.writeInt32BE(body.length + 6, 1); h.writeInt16BE(vals.length, 5); return Buffer.concat([h, body]) }
const rows = Array.from({ length: 100 }, (_, n) => row([String(n), `Title number ${n} of the table`, n % 3 ? `A note that is a little longer, with a "quote" and é ${n}` : null, String(n * 7), n % 2 ? 't' : 'f', new Date(1.7e12 + n * 12345678).toISOString().replace('T', ' ').replace('Z', '+00')]))
const chunk = Buffer.concat(rows)
console.log(encodeRows([chunk], cols).length, chunk.length)

function best(work: () => void): string { for (let k = 0; k < 5000; k++) work(); let min = Infinity; for (let r = 0; r < 300; r++) { const a = process.hrtime.bigint(); for (let k = 0; k < 30; k++) work(); min = Math.min(min, Number(process.hrtime.bigint() - a) / 30_000) } return min.toFixed(2) }
const out = Buffer.alloc(32768), source = Buffer.concat([chunk, chunk])
console.log('raw byte loop over 16304', best(() => { for (let i = 0; i < 16304; i++) out[i] = source[i]! }))
console.log('all', best(() => { encodeRows([chunk], cols) }))
const objs = rows.map((_, n) => ({ id: n, title: `Title number ${n} of the table`, note: n % 3 ? `A note that is a little longer, with a "quote" and é ${n}` : null, views: n * 7, draft: n % 2 === 1, created_at: new Date(1.7e12 + n * 12345678) }))
console.log('stringify alone', best(() => { JSON.stringify(objs) }))
console.log(cols.map((_, i) => { const c = cols.map((x, j) => ({ ...x, hidden: j !== i })); return best(() => { encodeRows([chunk], c) }) }).join(' '))
