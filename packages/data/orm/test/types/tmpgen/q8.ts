import { M8 } from './m8.ts'
export async function q8() { const a = M8.where(c => c.views.gt(3)) }
