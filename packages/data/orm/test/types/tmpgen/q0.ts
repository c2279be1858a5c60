import { M0 } from './m0.ts'
export async function q0() { const a = M0.where(c => c.views.gt(3)) }
