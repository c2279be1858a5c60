import { M18 } from './m18.ts'
export async function q18() { const a = M18.where(c => c.views.gt(3)) }
