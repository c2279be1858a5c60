import { M11 } from './m11.ts'
export async function q11() { const a = M11.where(c => c.views.gt(3)) }
