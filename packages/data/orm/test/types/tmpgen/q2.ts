import { M2 } from './m2.ts'
export async function q2() { const a = M2.where(c => c.views.gt(3)) }
