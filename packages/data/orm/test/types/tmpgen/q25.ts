import { M25 } from './m25.ts'
export async function q25() { const a = M25.where(c => c.views.gt(3)) }
