import { M27 } from './m27.ts'
export async function q27() { const a = M27.where(c => c.views.gt(3)) }
