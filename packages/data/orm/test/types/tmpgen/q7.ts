import { M7 } from './m7.ts'
export async function q7() { const a = M7.where(c => c.views.gt(3)) }
