import { M41 } from './m41.ts'
export async function q41() { const a = M41.where(c => c.views.gt(3)) }
