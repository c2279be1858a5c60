import { M6 } from './m6.ts'
export async function q6() { const a = M6.where(c => c.views.gt(3)) }
