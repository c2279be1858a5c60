import { M21 } from './m21.ts'
export async function q21() { const a = M21.where(c => c.views.gt(3)) }
