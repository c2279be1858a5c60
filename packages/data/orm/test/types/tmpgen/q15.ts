import { M15 } from './m15.ts'
export async function q15() { const a = M15.where(c => c.views.gt(3)) }
