import { M40 } from './m40.ts'
export async function q40() { const a = M40.where(c => c.views.gt(3)) }
