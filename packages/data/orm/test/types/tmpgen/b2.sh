meas(){ timeout 200 tsc -p tsconfig.json --extendedDiagnostics 2>&1 | grep -E "^q|^m|Instant" | head -4 | tr '\n' ' '; echo; }
B=$(meas | grep -o '[0-9]*'); echo base $B
try(){ rm -f q*.ts; for i in $(seq 0 49); do echo "import { M$i } from './m$i.ts'
export async function q$i() { $1 }" | sed "s/MM/M$i/g" > q$i.ts; done; echo "$1 => $(meas | sed -E "s/Instantiations: *([0-9]+)/\1 $B/")" ; }
rm -f q*.ts
try "const a = MM.where(c => c.views.gt(3))"
try "const a = MM.where(c => null!)"
try "const a = MM.where('email', 'x')"
rm -f q*.ts
