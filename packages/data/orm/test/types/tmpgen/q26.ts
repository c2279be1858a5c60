import { M26 } from './m26.ts'
export async function q26() { const a = M26.where(c => c.views.gt(3)) }
