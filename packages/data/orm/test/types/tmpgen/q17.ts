import { M17 } from './m17.ts'
export async function q17() { const a = M17.where(c => c.views.gt(3)) }
