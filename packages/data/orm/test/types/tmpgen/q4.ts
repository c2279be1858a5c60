import { M4 } from './m4.ts'
export async function q4() { const a = M4.where(c => c.views.gt(3)) }
