import { M16 } from './m16.ts'
export async function q16() { const a = M16.where(c => c.views.gt(3)) }
