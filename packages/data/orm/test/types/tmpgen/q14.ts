import { M14 } from './m14.ts'
export async function q14() { const a = M14.where(c => c.views.gt(3)) }
