import { M24 } from './m24.ts'
export async function q24() { const a = M24.where(c => c.views.gt(3)) }
