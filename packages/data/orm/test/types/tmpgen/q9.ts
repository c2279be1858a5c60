import { M9 } from './m9.ts'
export async function q9() { const a = M9.where(c => c.views.gt(3)) }
