import { M20 } from './m20.ts'
export async function q20() { const a = M20.where(c => c.views.gt(3)) }
