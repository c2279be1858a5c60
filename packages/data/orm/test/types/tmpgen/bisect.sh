meas(){ timeout 200 tsc -p tsconfig.json --extendedDiagnostics 2>&1 | grep -E "^q|^m|Instant" | head -4 | tr '\n' ' '; echo; }
B=$(meas | grep -o '[0-9]*'); echo base $B
try(){ rm -f q*.ts; for i in $(seq 0 49); do echo "import { M$i } from './m$i.ts'
export async function q$i() { $1 }" | sed "s/MM/M$i/g" > q$i.ts; done; echo "$1 => $(meas | sed -E "s/Instantiations: *([0-9]+)/\1 $B/")" ; }
try "const a = MM.query()"
try "const a = MM.where('email', 'x')"
try "const a = MM.where('email', 'x').where('views', '>', 3)"
try "const a = MM.where('email', 'x').limit(5)"
try "const a = await MM.where('email', 'x')"
try "const a = MM.where('next.jump.email', 'like', 'x')"
try "const a = MM.with('next', 'prevs.tags')"
try "const a = MM.query().with('next', 'prevs.tags')"
try "const a = await MM.with('next', 'prevs.tags')"
try "const a = await MM.create({ email: 'x', body: 'b', nextId: 1, jumpId: 2, farId: 3 })"
try "const a = MM.where(c => c.views.gt(3))"
try "const a = MM.where(c => c.views.gt(3).and(c.prevs.any(p => p.email.eq('x'))))"
try "const a = MM.query().annotate(c => ({ n: c.tags.count() }))"
try "const a = MM.query().orderBy('far.createdAt', 'desc')"
try "const a = MM.query().select('id', 'email', 'createdAt')"
try "const a = await MM.query().select('id', 'email', 'createdAt')"
rm -f q*.ts
