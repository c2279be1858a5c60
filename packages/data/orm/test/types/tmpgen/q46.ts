import { M46 } from './m46.ts'
export async function q46() { const a = M46.where(c => c.views.gt(3)) }
