import { M5 } from './m5.ts'
export async function q5() { const a = M5.where(c => c.views.gt(3)) }
