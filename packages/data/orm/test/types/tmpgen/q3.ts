import { M3 } from './m3.ts'
export async function q3() { const a = M3.where(c => c.views.gt(3)) }
