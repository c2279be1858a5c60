import { M30 } from './m30.ts'
export async function q30() { const a = M30.where(c => c.views.gt(3)) }
