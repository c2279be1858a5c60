import { M1 } from './m1.ts'
export async function q1() { const a = M1.where(c => c.views.gt(3)) }
