import { M13 } from './m13.ts'
export async function q13() { const a = M13.where(c => c.views.gt(3)) }
