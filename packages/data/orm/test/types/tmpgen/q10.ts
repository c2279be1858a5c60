import { M10 } from './m10.ts'
export async function q10() { const a = M10.where(c => c.views.gt(3)) }
