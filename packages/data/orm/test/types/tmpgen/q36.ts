import { M36 } from './m36.ts'
export async function q36() { const a = M36.where(c => c.views.gt(3)) }
