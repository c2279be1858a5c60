import { M33 } from './m33.ts'
export async function q33() { const a = M33.where(c => c.views.gt(3)) }
